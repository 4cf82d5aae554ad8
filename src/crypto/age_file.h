// age files on disk. The result appears at its path only when it is whole: a
// plaintext not before the last chunk has proved genuine, and never in a named
// temporary file where the file system allows it (src/base/new_file.h).
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CRYPTO_AGE_FILE_H_
#define SUBROSA_SRC_CRYPTO_AGE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/crypto/age_reader.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/age_writer.h"

namespace subrosa {

// Encrypts the file `plaintext_path` into the new file `age_path`, mode 0600.
//
// ALREADY_EXISTS if `age_path` does; else errors as OpenForReading, AgeEncrypt
// and NewFile. On error there is no file.
absl::Status AgeEncryptFile(const std::string& plaintext_path,
                            absl::Span<const AgeRecipient* const> recipients,
                            const AgeWriteOptions& options,
                            const std::string& age_path);

// Decrypts the file `age_path` into the new file `plaintext_path`, mode 0600.
//
// ALREADY_EXISTS if `plaintext_path` does; else errors as OpenForReading,
// AgeDecrypt and NewFile. On error there is no file.
absl::Status AgeDecryptFile(const std::string& age_path,
                            absl::Span<const AgeIdentity* const> identities,
                            const AgeReadOptions& options,
                            const std::string& plaintext_path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_FILE_H_
