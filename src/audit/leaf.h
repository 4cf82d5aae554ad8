// A leaf says that something happened which the law cares about, and names
// nobody: what, with what outcome, on which day and under whose law, and hiding
// commitments that only their consumer can open. Bytes: docs/formats/audit.md.
//
// A leaf never carries a reference, a key id, an account id or a digest of
// anything of a consumer's that rests elsewhere: with a leaf and a list of
// everyone, nobody can say whose it is.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_LEAF_H_
#define SUBROSA_SRC_AUDIT_LEAF_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"

namespace subrosa {

enum class LeafKind : uint8_t {
  kRecordsPut = 1,              // numbers: added, revised; a consumer each.
  kRecordsDeleted = 2,          // numbers: rows.
  kConsumerKeysMade = 3,        // numbers: how many.
  kConsumerKeyDestroyed = 4,    // commitments: tombstone, consumer.
  kEpochOpened = 5,             // numbers: epoch.
  kEpochRetired = 6,            // numbers: epoch, assurance; text: evidence.
  kLogKeyAnnounced = 7,         // text: the next key's vkey.
  kChoice = 8,                  // numbers: its kind; consumer, content, tag.
  kGrant = 9,                   // numbers: action; consumer, content.
  kRequestStep = 10,            // numbers: right, step; consumer, content.
  kNoticeVersion = 11,          // commitments: content.
  kKeysRestored = 12,           // numbers: log size of the copy, erased again.
  kRecordsRestored = 13,        // numbers: log size of the copy, back, lost.
  kRecordsErased = 14,          // numbers: rows; a row tombstone each.
  kKeyVersionDestroyed = 15,    // commitments: key tombstone.
  kEvidenceKeysDestroyed = 16,  // numbers: year, items.
  kEvidenceKept = 17,           // numbers: year; text: the clause.
  kErasureCertified = 18,       // numbers: issue, stage; content.
  kPolicyChanged = 19,          // numbers: version; text: hashes, old and new.
  kCopyGiven = 20,              // commitments: consumer, content.
};

enum class LeafOutcome : uint8_t { kDone = 1, kInPart = 2, kDenied = 3 };

inline constexpr size_t kLeafTagBytes = 16;
inline constexpr size_t kMaxJurisdictionBytes = 16;
// The most commitments of one leaf: a larger batch becomes several leaves.
inline constexpr size_t kMaxLeafCommitments = 2000;

// What commitments in leaves are made for.
inline constexpr PrfLabel kLeafConsumerLabel("leaf consumer");
inline constexpr PrfLabel kTombstoneLabel("tombstone");
inline constexpr PrfLabel kKeyTombstoneLabel("key tombstone");
inline constexpr PrfLabel kRowTombstoneLabel("row tombstone");

struct Leaf {
  LeafKind kind = LeafKind::kRecordsPut;
  LeafOutcome outcome = LeafOutcome::kDone;
  uint32_t day = 0;          // Since 1970-01-01, in UTC.
  std::string jurisdiction;  // ISO 3166-2 as "US-WA"; empty: not known.
  std::string tag;           // kLeafTagBytes, random.
  std::vector<uint64_t> numbers;
  std::vector<Commitment> commitments;
  std::string text;  // Printable ASCII.
};

// A leaf of `kind` on `day` (DayOf in clock.h) with a new random tag.
Leaf NewLeaf(LeafKind kind, int32_t day);

// "records put". For people; `kind` must be one of the above.
absl::string_view LeafKindName(LeafKind kind);

// The leaf's bytes, at most 65,535. INVALID_ARGUMENT ("leaf.…: …") if it has
// not the shape of its kind.
absl::StatusOr<std::string> SerializeLeaf(const Leaf& leaf);

// Reads what SerializeLeaf writes, and nothing else: INVALID_ARGUMENT says what
// is wrong and where. What parses serializes to the same bytes.
absl::StatusOr<Leaf> ParseLeaf(absl::string_view bytes);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LEAF_H_
