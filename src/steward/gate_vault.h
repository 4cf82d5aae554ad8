// The vault that a gate records choices through.
#ifndef SUBROSA_SRC_STEWARD_GATE_VAULT_H_
#define SUBROSA_SRC_STEWARD_GATE_VAULT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/vault/vault.h"

namespace subrosa {

// As OpenVault (home.h), of the same home: but choices do not wait for the
// record store's journal to be taken into its file. The sequencer's thread does
// that, which commits after each of them. Memory: up to 64 MiB of pages.
absl::StatusOr<std::unique_ptr<Vault>> OpenGateVault(const std::string& folder,
                                                     KeyProvider& provider,
                                                     const Clock& clock);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_GATE_VAULT_H_
