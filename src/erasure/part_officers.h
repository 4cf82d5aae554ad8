// Where the policy wants two officers, a part of what is held of a consumer is
// erased once a second one has asked for the same part.
//
// What the first one asked for waits in the ErasureBook, sealed, until the
// second one does, or until the end of the next year.
//
// Thread-compatible. Errors are those of ErasureBook, besides what is said
// below.
#ifndef SUBROSA_SRC_ERASURE_PART_OFFICERS_H_
#define SUBROSA_SRC_ERASURE_PART_OFFICERS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/erasure/erasure_book.h"
#include "src/steward/steward.h"
#include "src/vault/part_selection.h"

namespace subrosa {

enum class PartLeave {
  kGiven,  // It may be erased now.
  kWaits,  // For another officer; what was asked for is kept durably.
};

class PartOfficers {
 public:
  // Both must outlive it; `book` is of a vault of `steward`'s home.
  PartOfficers(Steward& steward, ErasureBook& book)
      : steward_(steward), book_(book) {}

  // Asks whether `selection` of `consumer` may be erased, as `officer`, a slug,
  // wants. Whoever asks again before another officer did replaces what they
  // asked for. The caller has seen that there is such a consumer.
  //
  // INVALID_ARGUMENT if the policy wants two officers and `officer` is none, or
  // it does not and one is named; FAILED_PRECONDITION if another one asked for
  // another part.
  absl::StatusOr<PartLeave> Ask(absl::string_view consumer,
                                const PartSelection& selection,
                                absl::string_view officer);

  // Forgets what was asked for, once it is erased.
  absl::Status Forget(absl::string_view consumer);

 private:
  Steward& steward_;
  ErasureBook& book_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_PART_OFFICERS_H_
