// A passphrase that a person can read out on the telephone: six words of five
// letters, "lusab-babad-gutih-tugad-bisog-kadar". Each word is 16 random bits,
// so that nothing is to be looked up and no language is asked for: 96 bits, as
// many as six words of a list of 65,536.
//
// Source: proquints (Wilkerson, "A Proposal for Proquints", 2009).
#ifndef SUBROSA_SRC_CRYPTO_SPOKEN_PASSPHRASE_H_
#define SUBROSA_SRC_CRYPTO_SPOKEN_PASSPHRASE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

inline constexpr size_t kSpokenWords = 6;
inline constexpr size_t kSpokenWordLetters = 5;

// A new one, with a hyphen between words. RESOURCE_EXHAUSTED without memory
// that can be locked.
absl::StatusOr<SecretBuffer> NewSpokenPassphrase();

// Writes the word of `bits` to `word`, kSpokenWordLetters long.
void SpellSpokenWord(uint16_t bits, absl::Span<uint8_t> word);

// Writes `passphrase` and a newline into the new file `path`, mode 0600,
// durably: what ReadSecretFile reads. ALREADY_EXISTS if something stands there.
absl::Status WriteSecretFile(const SecretBuffer& passphrase,
                             const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SPOKEN_PASSPHRASE_H_
