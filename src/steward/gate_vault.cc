#include "src/steward/gate_vault.h"

#include <cstdint>
#include <utility>

#include "src/steward/home.h"
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
  SqliteOptions options;
  options.cache_bytes = kCacheBytes;
  options.journal_bytes = kJournalBytes;
  return OpenVault(folder, provider, clock, std::move(options));
}

}  // namespace subrosa
