#include "src/erasure/scratch_certificate.h"

#include <cstring>

#include "src/audit/checkpoint.h"
#include "src/audit/receipt.h"
#include "src/audit/reference_tree.h"
#include "src/crypto/random_bytes.h"
#include "src/erasure/certificate_statement.h"

namespace subrosa {
namespace {

constexpr int32_t kRequestedDay = 20'778;  // 2026-11-21
constexpr int32_t kErasedDay = 20'783;     // 2026-11-26

// Places in the log.
enum Place : size_t {
  kRequested = 1,
  kErased = 4,
  kFirstRetired = 6,
  kSecondRetired = 9,
  kStatement = 11,
  kLeaves = 13,
};

Opening RandomOpening() {
  Opening opening;
  const std::string bytes = RandomBytes(opening.size());
  std::memcpy(opening.data(), bytes.data(), bytes.size());
  return opening;
}

v1::CertificateParty Party(v1::PartyKind kind, const std::string& id,
                           v1::PartyState state) {
  v1::CertificateParty party;
  party.set_kind(kind);
  party.set_id(id);
  party.set_state(state);
  party.set_told_day(kErasedDay);
  if (state == v1::PARTY_STATE_DONE) {
    party.set_answered_day(kErasedDay + 1);
  } else {
    party.set_due_day(kErasedDay + 30);
  }
  return party;
}

Leaf RetiredLeaf(uint64_t epoch, int32_t day) {
  Leaf leaf = NewLeaf(LeafKind::kEpochRetired, day);
  leaf.numbers = {epoch, v1::CERTIFICATE_ASSURANCE_C};
  leaf.text = "keyring: the file was rewritten without the object";
  return leaf;
}

}  // namespace

ScratchCertificate::ScratchCertificate()
    : log_(std::string(kOrigin)),
      erased_opening_(RandomOpening()),
      statement_opening_(RandomOpening()) {
  for (size_t i = 0; i < kLeaves; ++i) {
    Leaf leaf = NewLeaf(LeafKind::kRecordsDeleted, kErasedDay);
    leaf.numbers = {i};
    leaves_.push_back(leaf);
  }
  Leaf& requested = leaves_[kRequested];
  requested = NewLeaf(LeafKind::kRequestStep, kRequestedDay);
  requested.numbers = {5, 1};
  requested.commitments.resize(2);
  Leaf& erased = leaves_[kErased];
  erased = NewLeaf(LeafKind::kConsumerKeyDestroyed, kErasedDay);
  erased.commitments = {
      Commitment(), *Commit(erased_opening_, kLeafConsumerLabel, {"ada", ""})};
  leaves_[kFirstRetired] = RetiredLeaf(3, kErasedDay + 7);
  leaves_[kSecondRetired] = RetiredLeaf(4, kErasedDay + 38);

  certificate_.set_id(RandomBytes(16));
  certificate_.set_issue(1);
  certificate_.set_stage(v1::CERTIFICATE_STAGE_INTERIM);
  certificate_.set_issued_day(kErasedDay + 1);
  certificate_.set_entity("rosewater");
  certificate_.set_log(std::string(kOrigin));
  certificate_.set_requested_day(kRequestedDay);
  certificate_.set_requested_tag(requested.tag);
  certificate_.set_erased_day(kErasedDay);
  certificate_.set_erased_tag(erased.tag);
  certificate_.add_epoch(3);
  certificate_.add_epoch(4);
  certificate_.set_assurance(v1::CERTIFICATE_ASSURANCE_C);
  certificate_.set_backups_day(kErasedDay + 38);
  v1::CertificateLimit& limit = *certificate_.add_limit();
  limit.set_day(kRequestedDay + 181);
  limit.set_rule("wa-mhmda/delete-backups");
  limit.set_citation("RCW 19.373.040(1)(c)(iii)");
  *certificate_.add_party() =
      Party(v1::PARTY_KIND_RECIPIENT, "coach-circle", v1::PARTY_STATE_DONE);
  *certificate_.add_party() =
      Party(v1::PARTY_KIND_RECIPIENT, "sleep-lab", v1::PARTY_STATE_SILENT);
  *certificate_.add_party() =
      Party(v1::PARTY_KIND_STORE, "mailing-list", v1::PARTY_STATE_DONE);
  v1::CertificateKept& kept = *certificate_.add_kept();
  kept.set_what("authorization");
  kept.set_until_day(kErasedDay + 2000);
  kept.set_rule("wa-mhmda/authorization-keeping");
  kept.set_citation("RCW 19.373.070(5)");
}

void ScratchCertificate::MakeFinal() {
  certificate_.set_issue(2);
  certificate_.set_stage(v1::CERTIFICATE_STAGE_FINAL);
  certificate_.set_issued_day(kErasedDay + 40);
}

std::string ScratchCertificate::Statement() {
  return WriteStatement(certificate_).value();
}

TlogProof ScratchCertificate::ProofOf(const std::vector<std::string>& entries,
                                      size_t index, const std::string& note,
                                      bool has_opening) {
  ReceiptExtra extra;
  extra.leaf = entries[index];
  if (has_opening) extra.opening = LeafOpening{1, erased_opening_, ""};
  TlogProof proof;
  proof.extra = SerializeReceiptExtra(extra);
  proof.index = index;
  proof.proof = ReferenceTree(entries).Path(index, entries.size());
  proof.checkpoint = note;
  return proof;
}

CertificateProofs ScratchCertificate::Proofs() {
  leaves_[kStatement] =
      StatementLeaf(certificate_, Statement(), statement_opening_).value();
  std::vector<std::string> entries;
  for (const Leaf& leaf : leaves_) {
    entries.push_back(SerializeLeaf(leaf).value());
  }
  const std::string note = log_.Sign(
      SerializeCheckpoint({std::string(kOrigin), entries.size(),
                           ReferenceTree(entries).Root(entries.size())}));
  CertificateProofs proofs;
  proofs.opening = statement_opening_;
  proofs.statement = ProofOf(entries, kStatement, note, false);
  proofs.erased = ProofOf(entries, kErased, note, true);
  proofs.requested = ProofOf(entries, kRequested, note, false);
  proofs.retired = {ProofOf(entries, kFirstRetired, note, false),
                    ProofOf(entries, kSecondRetired, note, false)};
  return proofs;
}

std::string ScratchCertificate::File() {
  const CertificateProofs proofs = Proofs();
  return SerializeCertificate(certificate_, proofs).value();
}

}  // namespace subrosa
