// A Home is the folder that an installation lives in: the keyring, the key
// store and the record store. Made whole or not at all.
#ifndef SUBROSA_SRC_STEWARD_HOME_H_
#define SUBROSA_SRC_STEWARD_HOME_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/vault/vault.h"

namespace subrosa {

// An open home. The vault uses the provider, which therefore stands first.
struct OpenHome {
  std::unique_ptr<KeyProvider> provider;
  std::unique_ptr<Vault> vault;
};

// Makes the home `folder` for `entity`, a slug of 1 to 64 bytes of [a-z0-9-],
// readable by its owner alone. It is made under another name and renamed, so
// that a kill leaves at most a folder `folder`.new-XXXXXX to remove.
//
// INVALID_ARGUMENT for a wrong slug; ALREADY_EXISTS if `folder` is there and
// not empty; else as Keyring::Create and Vault::Create.
absl::Status CreateHome(const std::string& folder, absl::string_view entity,
                        const SecretBuffer& passphrase, KeyringCost cost,
                        const Clock& clock);

// Opens the home `folder`. `clock` must outlive it. NOT_FOUND if there is none;
// else as Keyring::Open and Vault::Open.
absl::StatusOr<OpenHome> OpenHomeFolder(const std::string& folder,
                                        const SecretBuffer& passphrase,
                                        const Clock& clock);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_H_
