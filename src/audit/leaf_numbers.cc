#include "src/audit/leaf_numbers.h"

namespace subrosa {
namespace {

constexpr absl::string_view kPut[] = {"added", "revised"};
constexpr absl::string_view kDeleted[] = {"rows"};
constexpr absl::string_view kMade[] = {"keys"};
constexpr absl::string_view kOpened[] = {"epoch"};
constexpr absl::string_view kRetired[] = {"epoch", "assurance"};
constexpr absl::string_view kDecided[] = {"action"};
constexpr absl::string_view kRequested[] = {"right", "step"};
constexpr absl::string_view kKeysBack[] = {"copy_log_size", "erased_again"};
constexpr absl::string_view kRecordsBack[] = {"copy_log_size", "rows_back",
                                              "rows_lost"};
constexpr absl::string_view kForgotten[] = {"year", "items"};
constexpr absl::string_view kKept[] = {"year"};
constexpr absl::string_view kCertified[] = {"issue", "stage"};
constexpr absl::string_view kChosen[] = {"choice"};
constexpr absl::string_view kVersion[] = {"version"};
constexpr absl::string_view kGiven[] = {"form", "consumers"};
constexpr absl::string_view kLost[] = {"answers"};

}  // namespace

absl::Span<const absl::string_view> LeafNumberNames(LeafKind kind) {
  if (kind == kSetGivenLeaf) return kGiven;
  if (kind == kLostAnswersSettledLeaf) return kLost;
  switch (kind) {
    case LeafKind::kRecordsPut:
      return kPut;
    case LeafKind::kRecordsDeleted:
    case LeafKind::kRecordsErased:
      return kDeleted;
    case LeafKind::kConsumerKeysMade:
      return kMade;
    case LeafKind::kEpochOpened:
      return kOpened;
    case LeafKind::kEpochRetired:
      return kRetired;
    case LeafKind::kChoice:
      return kChosen;
    case LeafKind::kGrant:
      return kDecided;
    case LeafKind::kRequestStep:
      return kRequested;
    case LeafKind::kKeysRestored:
      return kKeysBack;
    case LeafKind::kRecordsRestored:
      return kRecordsBack;
    case LeafKind::kEvidenceKeysDestroyed:
      return kForgotten;
    case LeafKind::kEvidenceKept:
      return kKept;
    case LeafKind::kErasureCertified:
      return kCertified;
    case LeafKind::kPolicyChanged:
      return kVersion;
    case LeafKind::kConsumerKeyDestroyed:
    case LeafKind::kKeyVersionDestroyed:
    case LeafKind::kLogKeyAnnounced:
    case LeafKind::kNoticeVersion:
    case LeafKind::kCopyGiven:
      break;
  }
  return {};
}

int64_t RowChangeOf(const Leaf& leaf) {
  if (leaf.kind == LeafKind::kRecordsPut) {
    return static_cast<int64_t>(leaf.numbers[0] + leaf.numbers[1]);
  }
  if (leaf.kind == LeafKind::kRecordsDeleted ||
      leaf.kind == LeafKind::kRecordsErased) {
    return -static_cast<int64_t>(leaf.numbers[0]);
  }
  if (leaf.kind == LeafKind::kRecordsRestored) {
    return static_cast<int64_t>(leaf.numbers[1] - leaf.numbers[2]);
  }
  return 0;
}

}  // namespace subrosa
