#include "src/audit/leaf.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/audit/tile.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

constexpr absl::string_view kMagic = "SBL1";
constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

// What a leaf of a kind holds.
struct Shape {
  LeafKind kind;
  absl::string_view name;
  size_t numbers;
  size_t commitments;  // kAnyNumber: 1 to kMaxLeafCommitments.
  bool has_text;
};

constexpr Shape kShapes[] = {
    {LeafKind::kRecordsPut, "records put", 2, kAnyNumber, false},
    {LeafKind::kRecordsDeleted, "records deleted", 1, 0, false},
    {LeafKind::kConsumerKeysMade, "consumer keys made", 1, 0, false},
    {LeafKind::kConsumerKeyDestroyed, "consumer key destroyed", 0, 2, false},
    {LeafKind::kEpochOpened, "epoch opened", 1, 0, false},
    {LeafKind::kEpochRetired, "epoch retired", 2, 0, true},
    {LeafKind::kLogKeyAnnounced, "log key announced", 0, 0, true},
    {LeafKind::kChoice, "choice", 1, 3, false},
    {LeafKind::kGrant, "grant", 1, 2, false},
    {LeafKind::kRequestStep, "request step", 2, 2, false},
    {LeafKind::kNoticeVersion, "notice version", 0, 1, false},
    {LeafKind::kKeysRestored, "keys restored", 2, 0, false},
    {LeafKind::kRecordsRestored, "records restored", 3, 0, false},
    {LeafKind::kRecordsErased, "records erased", 1, kAnyNumber, false},
    {LeafKind::kKeyVersionDestroyed, "key version destroyed", 0, 1, false},
    {LeafKind::kEvidenceKeysDestroyed, "evidence keys destroyed", 2, 0, false},
    {LeafKind::kEvidenceKept, "evidence kept", 1, 0, true},
    {LeafKind::kErasureCertified, "erasure certified", 2, 1, false},
    {LeafKind::kPolicyChanged, "policy changed", 1, 0, true},
    {LeafKind::kCopyGiven, "copy given", 0, 2, false},
    {static_cast<LeafKind>(21), "set given", 2, 0, true},
    {static_cast<LeafKind>(22), "lost answers settled", 1, 0, true},
};

const Shape* FindShape(LeafKind kind) {
  for (const Shape& shape : kShapes) {
    if (shape.kind == kind) return &shape;
  }
  return nullptr;
}

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   size_t got) {
  return absl::InvalidArgumentError(
      absl::StrCat("leaf.", field, ": want ", want, ", got ", got));
}

absl::Status CheckJurisdiction(absl::string_view jurisdiction) {
  if (jurisdiction.size() > kMaxJurisdictionBytes) {
    return Wrong("jurisdiction",
                 absl::StrCat("at most ", kMaxJurisdictionBytes, " bytes"),
                 jurisdiction.size());
  }
  for (const char c : jurisdiction) {
    if (!absl::ascii_isupper(static_cast<unsigned char>(c)) &&
        !absl::ascii_isdigit(static_cast<unsigned char>(c)) && c != '-') {
      return absl::InvalidArgumentError(
          "leaf.jurisdiction: want only A-Z, 0-9 and -, got another byte");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckText(const Shape& shape, absl::string_view text) {
  if (shape.has_text != !text.empty()) {
    return Wrong("text",
                 shape.has_text ? "some" : absl::StrCat("none in ", shape.name),
                 text.size());
  }
  if (!std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isprint(static_cast<unsigned char>(c));
      })) {
    return absl::InvalidArgumentError(
        "leaf.text: want printable ASCII, got another byte");
  }
  return absl::OkStatus();
}

absl::Status CheckLeaf(const Leaf& leaf) {
  const Shape* const shape = FindShape(leaf.kind);
  if (shape == nullptr) {
    return Wrong("kind", "a known one", static_cast<size_t>(leaf.kind));
  }
  if (leaf.outcome != LeafOutcome::kDone &&
      leaf.outcome != LeafOutcome::kInPart &&
      leaf.outcome != LeafOutcome::kDenied) {
    return Wrong("outcome", "1 to 3", static_cast<size_t>(leaf.outcome));
  }
  SUBROSA_RETURN_IF_ERROR(CheckJurisdiction(leaf.jurisdiction));
  if (leaf.tag.size() != kLeafTagBytes) {
    return Wrong("tag", absl::StrCat(kLeafTagBytes, " bytes"), leaf.tag.size());
  }
  if (leaf.numbers.size() != shape->numbers) {
    return Wrong("numbers", absl::StrCat(shape->numbers, " in ", shape->name),
                 leaf.numbers.size());
  }
  const size_t commitments = leaf.commitments.size();
  if (shape->commitments == kAnyNumber) {
    if (commitments < 1 || commitments > kMaxLeafCommitments) {
      return Wrong("commitments", absl::StrCat("1 to ", kMaxLeafCommitments),
                   commitments);
    }
  } else if (commitments != shape->commitments) {
    return Wrong("commitments",
                 absl::StrCat(shape->commitments, " in ", shape->name),
                 commitments);
  }
  SUBROSA_RETURN_IF_ERROR(CheckText(*shape, leaf.text));
  if (leaf.kind != LeafKind::kLogKeyAnnounced) return absl::OkStatus();
  const absl::StatusOr<NoteKey> key = NoteKey::Parse(leaf.text);
  if (!key.ok() || key->type() != kNoteTypeEd25519) {
    return absl::InvalidArgumentError(
        "leaf.text: want the vkey of a key that signs as a log, got another "
        "text");
  }
  return absl::OkStatus();
}

// Takes bytes from the front of a leaf.
class Cursor {
 public:
  explicit Cursor(absl::string_view bytes) : rest_(bytes) {}

  absl::StatusOr<absl::string_view> Take(absl::string_view field, size_t size) {
    if (rest_.size() < size) {
      return Wrong(field, absl::StrCat(size, " bytes"), rest_.size());
    }
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  template <typename Integer>
  absl::StatusOr<Integer> TakeInteger(absl::string_view field) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view bytes,
                             Take(field, sizeof(Integer)));
    return LoadBigEndian<Integer>(
        reinterpret_cast<const uint8_t*>(bytes.data()));
  }

  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
};

template <typename Integer>
void Append(Integer value, std::string* out) {
  const BigEndianBytes<Integer> bytes(value);
  out->append(bytes.view().data(), bytes.view().size());
}

}  // namespace

Leaf NewLeaf(LeafKind kind, int32_t day) {
  Leaf leaf;
  leaf.kind = kind;
  leaf.day = static_cast<uint32_t>(std::max(day, 0));
  leaf.tag = RandomBytes(kLeafTagBytes);
  return leaf;
}

absl::string_view LeafKindName(LeafKind kind) {
  const Shape* const shape = FindShape(kind);
  return shape == nullptr ? "" : shape->name;
}

absl::StatusOr<std::string> SerializeLeaf(const Leaf& leaf) {
  SUBROSA_RETURN_IF_ERROR(CheckLeaf(leaf));
  std::string out(kMagic);
  out.reserve(64 + leaf.numbers.size() * sizeof(uint64_t) +
              leaf.commitments.size() * sizeof(Commitment) + leaf.text.size());
  Append(static_cast<uint8_t>(leaf.kind), &out);
  Append(static_cast<uint8_t>(leaf.outcome), &out);
  Append(leaf.day, &out);
  Append(static_cast<uint8_t>(leaf.jurisdiction.size()), &out);
  absl::StrAppend(&out, leaf.jurisdiction, leaf.tag);
  Append(static_cast<uint8_t>(leaf.numbers.size()), &out);
  for (const uint64_t number : leaf.numbers) Append(number, &out);
  Append(static_cast<uint16_t>(leaf.commitments.size()), &out);
  for (const Commitment& commitment : leaf.commitments) {
    out.append(commitment.begin(), commitment.end());
  }
  Append(static_cast<uint16_t>(leaf.text.size()), &out);
  absl::StrAppend(&out, leaf.text);
  if (leaf.text.size() > kMaxEntryBytes || out.size() > kMaxEntryBytes) {
    return Wrong("size", absl::StrCat("at most ", kMaxEntryBytes), out.size());
  }
  return out;
}

absl::StatusOr<Leaf> ParseLeaf(absl::string_view bytes) {
  if (bytes.size() > kMaxEntryBytes) {
    return Wrong("size", absl::StrCat("at most ", kMaxEntryBytes),
                 bytes.size());
  }
  Cursor cursor(bytes);
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view magic,
                           cursor.Take("magic", kMagic.size()));
  if (magic != kMagic) {
    return absl::InvalidArgumentError(
        "leaf.magic: want version 1, got another or no leaf");
  }
  Leaf leaf;
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t kind,
                           cursor.TakeInteger<uint8_t>("kind"));
  leaf.kind = static_cast<LeafKind>(kind);
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t outcome,
                           cursor.TakeInteger<uint8_t>("outcome"));
  leaf.outcome = static_cast<LeafOutcome>(outcome);
  SUBROSA_ASSIGN_OR_RETURN(leaf.day, cursor.TakeInteger<uint32_t>("day"));
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t jurisdiction,
                           cursor.TakeInteger<uint8_t>("jurisdiction"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view name,
                           cursor.Take("jurisdiction", jurisdiction));
  leaf.jurisdiction = std::string(name);
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view tag,
                           cursor.Take("tag", kLeafTagBytes));
  leaf.tag = std::string(tag);
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t numbers,
                           cursor.TakeInteger<uint8_t>("numbers"));
  for (int i = 0; i < numbers; ++i) {
    SUBROSA_ASSIGN_OR_RETURN(const uint64_t number,
                             cursor.TakeInteger<uint64_t>("numbers"));
    leaf.numbers.push_back(number);
  }
  SUBROSA_ASSIGN_OR_RETURN(const uint16_t commitments,
                           cursor.TakeInteger<uint16_t>("commitments"));
  for (int i = 0; i < commitments; ++i) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view commitment,
                             cursor.Take("commitments", sizeof(Commitment)));
    std::memcpy(leaf.commitments.emplace_back().data(), commitment.data(),
                commitment.size());
  }
  SUBROSA_ASSIGN_OR_RETURN(const uint16_t text,
                           cursor.TakeInteger<uint16_t>("text"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view words,
                           cursor.Take("text", text));
  leaf.text = std::string(words);
  if (!cursor.rest().empty()) {
    return Wrong("end", "nothing after it", cursor.rest().size());
  }
  SUBROSA_RETURN_IF_ERROR(CheckLeaf(leaf));
  return leaf;
}

}  // namespace subrosa
