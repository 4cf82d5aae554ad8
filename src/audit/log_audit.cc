#include "src/audit/log_audit.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/leaf_numbers.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/audit/tree.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Gathers what the leaves say, from several threads.
class LeafTally {
 public:
  explicit LeafTally(uint64_t rows_within) : rows_within_(rows_within) {}

  void Take(uint64_t index, absl::string_view entry) {
    const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!leaf.ok()) {
      ++fault_count_;
      faults_[index] = std::string(leaf.status().message());
      // The first ones by place, in whichever order threads find them.
      if (faults_.size() > kMaxLogFaults) faults_.erase(--faults_.end());
      return;
    }
    ++leaves_[leaf->kind];
    if (index < rows_within_) rows_ += RowChangeOf(*leaf);
  }

  // Called once the threads are gone.
  void Finish(LogAudit* audit) {
    audit->leaves = std::move(leaves_);
    audit->rows = rows_;
    for (const auto& [index, fault] : faults_) {
      audit->AddFault(absl::StrCat("leaf ", index, ": ", fault));
    }
    audit->check.fault_count += fault_count_ - faults_.size();
  }

 private:
  const uint64_t rows_within_;
  std::mutex mutex_;
  std::map<LeafKind, uint64_t> leaves_;
  int64_t rows_ = 0;
  std::map<uint64_t, std::string> faults_;
  uint64_t fault_count_ = 0;
};

// Why the log does not continue `earlier`; empty if it does.
absl::StatusOr<std::string> FindBreak(const std::string& folder,
                                      const Checkpoint& checkpoint,
                                      const Checkpoint& earlier) {
  if (earlier.origin != checkpoint.origin) {
    return std::string("want a checkpoint of this log, got another log's");
  }
  if (earlier.size > checkpoint.size) {
    return absl::StrCat("want a log of ", earlier.size,
                        " leaves or more, as it says, got ", checkpoint.size);
  }
  const LogFiles files(folder);
  const absl::StatusOr<MerkleHash> root =
      RootOf(earlier.size, [&](const TileId& tile) {
        // As wide as it is now: the narrower one of then may be gone.
        return files.ReadTile(
            {tile.level, tile.index,
             TileWidthIn(checkpoint.size, tile.level, tile.index)});
      });
  if (absl::IsUnavailable(root.status())) return root.status();
  if (!root.ok()) {
    return absl::StrCat("want tiles that tell its root, got: ",
                        root.status().message());
  }
  if (*root != earlier.root) {
    return absl::StrCat("want a log that begins with its ", earlier.size,
                        " leaves, got one of another history");
  }
  return std::string();
}

}  // namespace

void LogAudit::AddFault(const std::string& fault) {
  ++check.fault_count;
  if (check.faults.size() < kMaxLogFaults) check.faults.push_back(fault);
}

absl::StatusOr<LogAudit> AuditLog(const std::string& folder,
                                  const Checkpoint& checkpoint,
                                  const LogAuditOptions& options) {
  LeafTally tally(options.rows_within);
  LogCheckOptions check_options;
  check_options.on_progress = options.on_progress;
  check_options.repair = options.repair;
  // A leaf that is none is told after the check, which counts what it is told
  // here among what can be repaired.
  check_options.on_entry = [&tally](uint64_t index, absl::string_view entry) {
    tally.Take(index, entry);
    return absl::OkStatus();
  };
  LogAudit audit;
  SUBROSA_ASSIGN_OR_RETURN(audit.check,
                           CheckLog(folder, checkpoint, check_options));
  tally.Finish(&audit);
  for (const EarlierCheckpoint& earlier : options.earlier) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string broken,
                             FindBreak(folder, checkpoint, earlier.checkpoint));
    if (!broken.empty()) {
      audit.AddFault(absl::StrCat(earlier.name, ": ", broken));
    }
  }
  return audit;
}

}  // namespace subrosa
