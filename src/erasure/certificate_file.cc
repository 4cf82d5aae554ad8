#include "src/erasure/certificate_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/audit/merkle.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64.h"
#include "src/erasure/certificate_statement.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// Which commitment of the erasure's leaf is to the consumer.
constexpr uint16_t kErasedConsumer = 1;

// The first number of a request's step and the second, of one that came in.
constexpr uint64_t kDeleteRequested = v1::REQUEST_KIND_DELETE;
constexpr uint64_t kRequestReceived = 1;

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("certificate.", field, ": want ", want, ", got ", got));
}

std::string Heading(absl::string_view section) {
  return absl::StrCat("----- ", section, " -----\n");
}

std::string RetiredSection(uint32_t epoch) {
  return absl::StrCat("retired ", epoch);
}

// Takes the section that `*rest` begins with, up to the heading of `next`.
absl::StatusOr<absl::string_view> TakeSection(absl::string_view section,
                                              absl::string_view next,
                                              absl::string_view* rest) {
  if (!absl::ConsumePrefix(rest, Heading(section))) {
    return Wrong(section, "its heading", "another text");
  }
  const size_t end = rest->find(absl::StrCat("\n", Heading(next)));
  if (end == absl::string_view::npos) {
    return Wrong(next, "its heading after that section", "none");
  }
  const absl::string_view taken = rest->substr(0, end + 1);
  rest->remove_prefix(end + 1);
  return taken;
}

// A leaf that a checkpoint's tree holds, and where.
struct ProvenLeaf {
  uint64_t index = 0;
  Leaf leaf;
  std::optional<LeafOpening> opening;
};

// Reads the proofs of a file one after the other. The first one's checkpoint is
// opened; the others have to have the same.
class ProofReader {
 public:
  ProofReader(absl::string_view sections, absl::Span<const NoteKey> keys)
      : rest_(sections), keys_(keys) {}

  absl::StatusOr<absl::string_view> Take(absl::string_view section,
                                         absl::string_view next) {
    return TakeSection(section, next, &rest_);
  }

  absl::StatusOr<ProvenLeaf> TakeProof(absl::string_view section,
                                       absl::string_view next, LeafKind kind) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view text, Take(section, next));
    absl::StatusOr<ProvenLeaf> proven = Prove(text);
    if (!proven.ok()) {
      return Annotate(proven.status(), absl::StrCat("certificate.", section));
    }
    if (proven->leaf.kind != kind ||
        proven->leaf.outcome != LeafOutcome::kDone) {
      return Wrong(section,
                   absl::StrCat("a leaf that says ", LeafKindName(kind)),
                   "another");
    }
    return proven;
  }

  absl::Status CheckEnd() const {
    return rest_ == Heading("end")
               ? absl::OkStatus()
               : Wrong("end", "nothing after it", "more bytes");
  }

  const Checkpoint& checkpoint() const { return checkpoint_; }
  const std::string& note() const { return note_; }

 private:
  absl::StatusOr<ProvenLeaf> Prove(absl::string_view text) {
    SUBROSA_ASSIGN_OR_RETURN(TlogProof proof, ParseTlogProof(text));
    if (note_.empty()) {
      SUBROSA_ASSIGN_OR_RETURN(checkpoint_,
                               OpenCheckpoint(proof.checkpoint, keys_));
      note_ = std::move(proof.checkpoint);
    } else if (proof.checkpoint != note_) {
      return absl::InvalidArgumentError(
          "checkpoint: want the same in each proof, got another");
    }
    SUBROSA_ASSIGN_OR_RETURN(ReceiptExtra extra,
                             ParseReceiptExtra(proof.extra));
    SUBROSA_RETURN_IF_ERROR(CheckInclusion(proof.index, checkpoint_.size,
                                           MerkleHasher().Leaf(extra.leaf),
                                           proof.proof, checkpoint_.root));
    ProvenLeaf proven;
    proven.index = proof.index;
    SUBROSA_ASSIGN_OR_RETURN(proven.leaf, ParseLeaf(extra.leaf));
    proven.opening = std::move(extra.opening);
    return proven;
  }

  absl::string_view rest_;
  absl::Span<const NoteKey> keys_;
  Checkpoint checkpoint_;
  std::string note_;
};

absl::Status CheckDayAndTag(absl::string_view section, const Leaf& leaf,
                            int32_t day, absl::string_view tag) {
  return leaf.day == static_cast<uint32_t>(day) && leaf.tag == tag
             ? absl::OkStatus()
             : Wrong(section, "the leaf that the statement names", "another");
}

absl::Status CheckBefore(absl::string_view first, uint64_t first_index,
                         absl::string_view second, uint64_t second_index) {
  return first_index < second_index
             ? absl::OkStatus()
             : Wrong(second, absl::StrCat("a leaf after that of ", first),
                     "one before");
}

absl::StatusOr<Opening> ReadOpening(absl::string_view section) {
  const bool is_line = absl::ConsumeSuffix(&section, "\n");
  const absl::optional<std::string> bytes =
      DecodeBase64(section, Base64Padding::kEquals);
  Opening opening;
  if (!is_line || !bytes.has_value() || bytes->size() != opening.size()) {
    return Wrong("opening", "32 bytes in canonical base64", "another text");
  }
  std::memcpy(opening.data(), bytes->data(), bytes->size());
  return opening;
}

absl::Status CheckStatementLeaf(const ProvenLeaf& proven,
                                const v1::ErasureCertificate& certificate,
                                absl::string_view statement,
                                const Opening& opening) {
  const Leaf& leaf = proven.leaf;
  if (leaf.day != static_cast<uint32_t>(certificate.issued_day()) ||
      leaf.numbers[0] != certificate.issue() ||
      leaf.numbers[1] != static_cast<uint64_t>(certificate.stage())) {
    return Wrong("statement", "the leaf of this issue, stage and day",
                 "another");
  }
  if (proven.opening.has_value()) {
    return Wrong("statement", "no opening in its proof", "one");
  }
  return Annotate(VerifyCommitment(leaf.commitments[0], opening,
                                   kStatementLabel, {statement}),
                  "certificate.statement");
}

absl::Status CheckRetired(const v1::ErasureCertificate& certificate,
                          absl::Span<const ProvenLeaf> retired,
                          uint64_t erased_index, uint64_t index) {
  uint64_t worst = 0;
  uint32_t last_day = 0;
  for (size_t i = 0; i < retired.size(); ++i) {
    const Leaf& leaf = retired[i].leaf;
    const std::string section =
        RetiredSection(certificate.epoch(static_cast<int>(i)));
    if (leaf.numbers[0] != certificate.epoch(static_cast<int>(i)) ||
        retired[i].opening.has_value()) {
      return Wrong(section, "the leaf of that epoch alone", "another");
    }
    SUBROSA_RETURN_IF_ERROR(
        CheckBefore("erased", erased_index, section, retired[i].index));
    SUBROSA_RETURN_IF_ERROR(
        CheckBefore(section, retired[i].index, "statement", index));
    worst = std::max(worst, leaf.numbers[1]);
    last_day = std::max(last_day, leaf.day);
  }
  if (worst != static_cast<uint64_t>(certificate.assurance())) {
    return Wrong("assurance", "the weakest of its epochs", "another");
  }
  return last_day == static_cast<uint32_t>(certificate.backups_day())
             ? absl::OkStatus()
             : Wrong("backups_day", "the day of the last epoch's end",
                     "another");
}

}  // namespace

bool IsCertificate(absl::string_view file) {
  return absl::StartsWith(file, kCertificateFirstLine);
}

absl::StatusOr<Leaf> StatementLeaf(const v1::ErasureCertificate& certificate,
                                   absl::string_view statement,
                                   const Opening& opening) {
  Leaf leaf = NewLeaf(LeafKind::kErasureCertified, certificate.issued_day());
  leaf.numbers = {certificate.issue(),
                  static_cast<uint64_t>(certificate.stage())};
  SUBROSA_ASSIGN_OR_RETURN(leaf.commitments.emplace_back(),
                           Commit(opening, kStatementLabel, {statement}));
  return leaf;
}

absl::StatusOr<std::string> SerializeCertificate(
    const v1::ErasureCertificate& certificate,
    const CertificateProofs& proofs) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string statement,
                           WriteStatement(certificate));
  std::string out = absl::StrCat(
      statement, Heading("opening"),
      EncodeBase64(absl::string_view(
                       reinterpret_cast<const char*>(proofs.opening.data()),
                       proofs.opening.size()),
                   Base64Padding::kEquals),
      "\n", Heading("statement"), SerializeTlogProof(proofs.statement),
      Heading("erased"), SerializeTlogProof(proofs.erased));
  if (!certificate.requested_tag().empty()) {
    absl::StrAppend(&out, Heading("requested"),
                    SerializeTlogProof(proofs.requested));
  }
  if (certificate.stage() == v1::CERTIFICATE_STAGE_FINAL) {
    for (int i = 0; i < certificate.epoch_size(); ++i) {
      absl::StrAppend(&out, Heading(RetiredSection(certificate.epoch(i))),
                      SerializeTlogProof(proofs.retired[i]));
    }
  }
  absl::StrAppend(&out, Heading("end"));
  return out;
}

absl::StatusOr<VerifiedCertificate> VerifyCertificate(
    absl::string_view file, absl::Span<const NoteKey> keys,
    absl::Span<const NoteKey> witnesses) {
  if (file.size() > kMaxCertificateBytes) {
    return Wrong("bytes", absl::StrCat("at most ", kMaxCertificateBytes),
                 absl::StrCat(file.size()));
  }
  const size_t end = file.find(absl::StrCat("\n", Heading("opening")));
  if (end == absl::string_view::npos) {
    return Wrong("opening", "its heading after the statement", "none");
  }
  VerifiedCertificate verified;
  verified.statement = std::string(file.substr(0, end + 1));
  SUBROSA_ASSIGN_OR_RETURN(verified.certificate,
                           ReadStatement(verified.statement));
  const v1::ErasureCertificate& certificate = verified.certificate;
  const bool is_requested = !certificate.requested_tag().empty();
  std::vector<uint32_t> epochs;
  if (certificate.stage() == v1::CERTIFICATE_STAGE_FINAL) {
    epochs.assign(certificate.epoch().begin(), certificate.epoch().end());
  }
  const auto section_of = [&](size_t i) {
    return i < epochs.size() ? RetiredSection(epochs[i]) : "end";
  };

  ProofReader reader(file.substr(end + 1), keys);
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view opening_text,
                           reader.Take("opening", "statement"));
  SUBROSA_ASSIGN_OR_RETURN(const Opening opening, ReadOpening(opening_text));
  SUBROSA_ASSIGN_OR_RETURN(
      const ProvenLeaf statement,
      reader.TakeProof("statement", "erased", LeafKind::kErasureCertified));
  SUBROSA_ASSIGN_OR_RETURN(
      ProvenLeaf erased,
      reader.TakeProof("erased", is_requested ? "requested" : section_of(0),
                       LeafKind::kConsumerKeyDestroyed));
  if (is_requested) {
    SUBROSA_ASSIGN_OR_RETURN(
        const ProvenLeaf requested,
        reader.TakeProof("requested", section_of(0), LeafKind::kRequestStep));
    SUBROSA_RETURN_IF_ERROR(CheckDayAndTag("requested", requested.leaf,
                                           certificate.requested_day(),
                                           certificate.requested_tag()));
    if (requested.leaf.numbers[0] != kDeleteRequested ||
        requested.leaf.numbers[1] != kRequestReceived ||
        requested.opening.has_value()) {
      return Wrong("requested", "a request to delete, received", "another");
    }
    SUBROSA_RETURN_IF_ERROR(
        CheckBefore("requested", requested.index, "erased", erased.index));
  }
  std::vector<ProvenLeaf> retired;
  for (size_t i = 0; i < epochs.size(); ++i) {
    SUBROSA_ASSIGN_OR_RETURN(retired.emplace_back(),
                             reader.TakeProof(section_of(i), section_of(i + 1),
                                              LeafKind::kEpochRetired));
  }
  SUBROSA_RETURN_IF_ERROR(reader.CheckEnd());

  if (reader.checkpoint().origin != certificate.log()) {
    return Wrong("log", "the one that signed", "another");
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckStatementLeaf(statement, certificate, verified.statement, opening));
  SUBROSA_RETURN_IF_ERROR(CheckDayAndTag("erased", erased.leaf,
                                         certificate.erased_day(),
                                         certificate.erased_tag()));
  SUBROSA_RETURN_IF_ERROR(
      CheckBefore("erased", erased.index, "statement", statement.index));
  if (!erased.opening.has_value() ||
      erased.opening->commitment != kErasedConsumer ||
      !erased.opening->detail.empty()) {
    return Wrong("erased", "the opening of its commitment to the consumer",
                 "another or none");
  }
  if (!epochs.empty()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckRetired(certificate, retired, erased.index, statement.index));
  }
  SUBROSA_ASSIGN_OR_RETURN(const Note note, ParseNote(reader.note()));
  absl::StatusOr<std::vector<SeenByWitness>> seen =
      VerifyCosignatures(note, witnesses);
  if (!seen.ok()) return Annotate(seen.status(), "certificate.checkpoint");
  verified.witnesses = *std::move(seen);
  verified.checkpoint = reader.checkpoint();
  verified.index = statement.index;
  verified.erased_index = erased.index;
  verified.erased = std::move(erased.leaf);
  verified.erased_opening = *std::move(erased.opening);
  return verified;
}

absl::Status CheckCertificateConsumer(const VerifiedCertificate& certificate,
                                      absl::string_view consumer) {
  return Annotate(
      VerifyCommitment(certificate.erased.commitments[kErasedConsumer],
                       certificate.erased_opening.opening, kLeafConsumerLabel,
                       {consumer, ""}),
      "certificate.consumer");
}

}  // namespace subrosa
