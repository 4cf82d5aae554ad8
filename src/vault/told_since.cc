#include "src/vault/told_since.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_numbers.h"
#include "src/audit/log_check.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

void NoteSinceKeys(const Leaf& leaf, ToldSince* told) {
  if (leaf.kind == LeafKind::kConsumerKeyDestroyed) {
    told->consumers.insert(leaf.commitments.front());
    ++told->erasures;
  } else if (leaf.kind == LeafKind::kEvidenceKeysDestroyed) {
    told->years_over.insert(leaf.numbers.front());
  }
}

void NoteErasedPart(const Leaf& leaf, ToldSince* told) {
  TombstoneSet* const set =
      leaf.kind == LeafKind::kKeyVersionDestroyed ? &told->versions
      : leaf.kind == LeafKind::kRecordsErased     ? &told->rows_erased
                                                  : nullptr;
  if (set != nullptr) {
    set->insert(leaf.commitments.begin(), leaf.commitments.end());
  }
}

bool IsAnswer(const Leaf& leaf) {
  return leaf.kind == kSetGivenLeaf &&
         leaf.numbers.front() == static_cast<uint64_t>(GivenSet::kAggregate);
}

}  // namespace

absl::Status CheckWholeLog(const std::string& folder,
                           const Checkpoint& checkpoint) {
  SUBROSA_ASSIGN_OR_RETURN(const LogCheck check,
                           CheckLog(folder, checkpoint, LogCheckOptions()));
  if (check.ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "log: want every file as it was signed, got ", check.fault_count,
      " that differ, the first ", check.faults.front(),
      "; `subrosa audit verify` names them, and --repair makes hash tiles "
      "anew: put back the newest files of the log"));
}

absl::StatusOr<ToldSince> ReadToldSince(
    LogReader& reader, const CopySizes& copies,
    const absl::flat_hash_set<MerkleHash>& entries) {
  ToldSince told;
  MerkleHasher hasher;
  const uint64_t since = std::min(copies.keys, copies.records);
  SUBROSA_RETURN_IF_ERROR(reader.VisitEntries(
      0, reader.checkpoint().size,
      [&](uint64_t index, absl::string_view entry) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(entry));
        told.rows += RowChangeOf(leaf);
        if (index >= copies.keys) NoteSinceKeys(leaf, &told);
        if (index < since) return absl::OkStatus();
        NoteErasedPart(leaf, &told);
        if (!entries.empty()) {
          const MerkleHash hash = hasher.Leaf(entry);
          if (entries.contains(hash)) {
            told.entries.insert(hash);
            return absl::OkStatus();
          }
        }
        if (index >= copies.records && IsAnswer(leaf)) {
          ++told.answers;
          told.last_answer_day =
              std::max(told.last_answer_day, static_cast<int32_t>(leaf.day));
        }
        return absl::OkStatus();
      }));
  return told;
}

}  // namespace subrosa
