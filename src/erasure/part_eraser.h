// A PartEraser erases a part of what is held of a consumer, and has the
// recipients who may have been given any of it told to delete it too.
//
// The notices (src/disclosure/due_notices.h) are kept durably before anything
// is deleted: a kill leaves no part erased of which nobody is told. One after
// the notices leaves them due for what is not erased yet: erasing again, or
// Steward::FinishErasures once it began, goes on, and no notice that says the
// same is queued twice. They wait until an officer settles them: no connector
// tells a part.
//
// Thread-compatible. Errors are those of Steward::ErasePart, ConsentGate,
// DisclosureLedger and DueNotices.
//
// Source: 11 CCR 7022(b); RCW 19.373.040(1)(c)(i)(B).
#ifndef SUBROSA_SRC_ERASURE_PART_ERASER_H_
#define SUBROSA_SRC_ERASURE_PART_ERASER_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/consent/entity_law.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/disclosure/due_notices.h"
#include "src/steward/steward.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/vault.h"

namespace subrosa {

// What an erasure of a part comes to.
struct PartPlan {
  SelectedPart selected;
  int64_t notices = 0;  // Recipients to be told.
};

// What Erase did.
struct PartErased {
  Resealing work;
  // Recipients to be told; those whose notice was due already are among them.
  int64_t notices = 0;
};

class PartEraser {
 public:
  // Both must outlive it; `vault` is of the steward's home.
  static absl::StatusOr<std::unique_ptr<PartEraser>> Open(Steward& steward,
                                                          Vault& vault);

  // What Erase would do; changes nothing. NOT_FOUND if there is no such
  // consumer.
  absl::StatusOr<PartPlan> Plan(absl::string_view consumer,
                                const PartSelection& selection);

  // Queues the notices, then begins the erasure as Steward::ErasePart does; an
  // empty selection renews the key, and tells nobody. Recipients are to answer
  // by the strictest day that the statutes which apply to the consumer would
  // give for a request of today, or in 30 days.
  absl::StatusOr<PartErased> Erase(absl::string_view consumer,
                                   const PartSelection& selection);

 private:
  PartEraser(Steward& steward, Vault& vault,
             std::unique_ptr<DisclosureLedger> ledger, EntityLaw entity_law)
      : steward_(steward),
        ledger_(std::move(ledger)),
        notices_(vault, *ledger_, steward.clock()),
        entity_law_(std::move(entity_law)) {}

  absl::StatusOr<int32_t> DueDayOf(absl::string_view consumer);

  Steward& steward_;
  const std::unique_ptr<DisclosureLedger> ledger_;
  DueNotices notices_;
  const EntityLaw entity_law_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_PART_ERASER_H_
