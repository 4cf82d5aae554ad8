#include "src/crypto/spoken_passphrase.h"

#include <sodium.h>
#include <unistd.h>

#include "absl/strings/string_view.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/crypto_init.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr absl::string_view kConsonants = "bdfghjklmnprstvz";
constexpr absl::string_view kVowels = "aiou";

}  // namespace

void SpellSpokenWord(uint16_t bits, absl::Span<uint8_t> word) {
  word[0] = static_cast<uint8_t>(kConsonants[bits >> 12]);
  word[1] = static_cast<uint8_t>(kVowels[bits >> 10 & 3]);
  word[2] = static_cast<uint8_t>(kConsonants[bits >> 6 & 15]);
  word[3] = static_cast<uint8_t>(kVowels[bits >> 4 & 3]);
  word[4] = static_cast<uint8_t>(kConsonants[bits & 15]);
}

absl::StatusOr<SecretBuffer> NewSpokenPassphrase() {
  SUBROSA_RETURN_IF_ERROR(InitializeCrypto());
  SUBROSA_ASSIGN_OR_RETURN(
      SecretBuffer passphrase,
      SecretBuffer::Allocate(kSpokenWords * (kSpokenWordLetters + 1) - 1));
  const absl::Span<uint8_t> bytes =
      passphrase.MutableBytes(UnsafeSecretAccess::Get());
  for (size_t i = 0; i < kSpokenWords; ++i) {
    const size_t at = i * (kSpokenWordLetters + 1);
    if (i > 0) bytes[at - 1] = '-';
    SpellSpokenWord(static_cast<uint16_t>(randombytes_random()),
                    bytes.subspan(at, kSpokenWordLetters));
  }
  return passphrase;
}

absl::Status WriteSecretFile(const SecretBuffer& passphrase,
                             const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  const absl::Span<const uint8_t> bytes =
      passphrase.Bytes(UnsafeSecretAccess::Get());
  // Past NewFile's buffer, so that no copy of it is made.
  SUBROSA_RETURN_IF_ERROR(Annotate(
      WriteAll(file.descriptor(),
               absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                                 bytes.size())),
      path));
  SUBROSA_RETURN_IF_ERROR(Annotate(WriteAll(file.descriptor(), "\n"), path));
  return file.Publish();
}

}  // namespace subrosa
