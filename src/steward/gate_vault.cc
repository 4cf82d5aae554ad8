#include "src/steward/gate_vault.h"

#include <cstdint>
#include <utility>

#include "src/base/status_macros.h"
#include "src/steward/home.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

// The index of choices and what stands of a million consumers' choices do not
// fit; of those that choose in an hour they do.
constexpr int64_t kCacheBytes = int64_t{64} << 20;

// The sequencer's threshold, several times.
constexpr int64_t kJournalBytes = int64_t{64} << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<Vault>> OpenGateVault(const std::string& folder,
                                                     KeyProvider& provider,
                                                     const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                           OpenKeyDatabase(folder));
  SqliteOptions options;
  options.cache_bytes = kCacheBytes;
  options.journal_bytes = kJournalBytes;
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           OpenSqlite(RecordStoreOf(folder), options));
  return Vault::Open(std::move(keys), std::move(records), provider, clock);
}

}  // namespace subrosa
