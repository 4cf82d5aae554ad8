#include "src/erasure/time_retirement.h"

#include <memory>
#include <utility>

#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_book.h"
#include "src/request/request_desk.h"
#include "src/steward/consent_gate.h"
#include "src/vault/deletion_clock.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_store.h"
#include "src/vault/part_erasure.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

absl::StatusOr<std::vector<OpenItems>> OpenPastYear(Vault& vault,
                                                    const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<int32_t> years,
                           EvidenceKeys(vault.keys().Tables()).ListYears());
  const auto this_year = CivilDayOf(DayOf(clock.Now())).year();
  std::vector<OpenItems> open;
  for (const int32_t year : years) {
    if (year >= this_year) break;
    SUBROSA_ASSIGN_OR_RETURN(const OpenItems items,
                             CountOpenItems(vault.records(), year));
    if (!items.empty()) open.push_back(items);
  }
  return open;
}

}  // namespace

absl::StatusOr<TimeRetirement> RetireByTime(Steward& steward,
                                            ClockTrust trust) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  DeletionClock clock(vault->keys().Tables(), steward.clock());
  if (trust == ClockTrust::kOfficer) SUBROSA_RETURN_IF_ERROR(clock.Trust());
  SUBROSA_RETURN_IF_ERROR(clock.Check());
  TimeRetirement done;
  SUBROSA_ASSIGN_OR_RETURN(done.key_versions, steward.Parts().DestroyDue());
  SUBROSA_ASSIGN_OR_RETURN(done.epochs, steward.Custody().Retire());
  SUBROSA_ASSIGN_OR_RETURN(done.moved_erasures,
                           ErasureBook(*vault, steward.clock()).KeepOpen());
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> desk_vault,
                           steward.OpenUngatedVault());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<RequestDesk> desk,
      RequestDesk::Open(std::move(desk_vault), steward.gate().law(),
                        steward.gate().policy().proto(), steward.clock(),
                        /*read_owed=*/nullptr));
  SUBROSA_ASSIGN_OR_RETURN(done.moved_requests, desk->KeepOpen());
  SUBROSA_ASSIGN_OR_RETURN(done.evidence, steward.Evidence().DestroyDue());
  SUBROSA_ASSIGN_OR_RETURN(done.kept, OpenPastYear(*vault, steward.clock()));
  SUBROSA_RETURN_IF_ERROR(
      Annotate(steward.AwaitCheckpoint(),
               "what is due is destroyed, but no checkpoint says so yet"));
  return done;
}

absl::StatusOr<std::vector<OpenItems>> ListOpenPastYear(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  return OpenPastYear(*vault, steward.clock());
}

absl::Status CheckDeletionClock(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  return DeletionClock(vault->keys().Tables(), steward.clock()).Check();
}

}  // namespace subrosa
