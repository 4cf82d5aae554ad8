// A HomeLease says who may use the files of a home. Whoever has a store open
// shares it; whoever puts other stores in their place has it alone. So nobody
// writes to a store that was replaced under them, and nobody opens a home that
// is half replaced.
//
// It is a lock on the home's folder (flock), which the system gives back when a
// process ends, however it ends. A restore that was stopped leaves a mark in
// the home instead, and the home does not open until one has finished it.
//
// Copies share one hold, which is given back with the last of them. A process
// that was forked shares it too.
//
// Thread-safe: it does not change.
#ifndef SUBROSA_SRC_STEWARD_HOME_LEASE_H_
#define SUBROSA_SRC_STEWARD_HOME_LEASE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/file.h"

namespace subrosa {

class HomeLease {
 public:
  // Shares the home `folder`. UNAVAILABLE while somebody has it alone, that is
  // while it is being restored; NOT_FOUND if there is no such folder.
  static absl::StatusOr<HomeLease> Share(const std::string& folder);

  // Takes it alone, without waiting. FAILED_PRECONDITION if anybody has it;
  // NOT_FOUND if there is no such folder.
  static absl::StatusOr<HomeLease> TakeAlone(const std::string& folder);

  const std::string& folder() const { return folder_; }

  // What is kept for as long as the home is used.
  std::shared_ptr<const void> hold() const { return fd_; }

 private:
  HomeLease(std::string folder, std::shared_ptr<const UniqueFd> fd)
      : folder_(std::move(folder)), fd_(std::move(fd)) {}

  std::string folder_;
  std::shared_ptr<const UniqueFd> fd_;
};

// Marks, durably, that a restore of the home has begun to change it, and that
// it is done. By whoever has the home alone. Errors of the system.
absl::Status MarkRestoreBegun(const HomeLease& alone);
absl::Status MarkRestoreDone(const HomeLease& alone);

// Whether a restore began and was not finished.
bool IsRestoreBegun(const std::string& folder);

// FAILED_PRECONDITION if so. Asked by whoever shares the home, it stays true.
absl::Status CheckNoRestoreBegun(const std::string& folder);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_LEASE_H_
