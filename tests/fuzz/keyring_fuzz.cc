// Bytes from strangers, into the reader of keyring files: the first byte says
// what the rest is.
//
//   'f'  a whole file, for a fixed key; the checksum is made to fit
//   'r'  a whole file, just as it is
//   'c'  content that is sealed and then read: what is accepted is written back
//        to the same bytes
#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr size_t kChecksumBytes = 32;

void Check(bool holds) {
  if (!holds) std::abort();
}

const SecretKey& FixedKey() {
  static const SecretKey* const key = new SecretKey(*SecretKey::FromBytes(
      std::vector<uint8_t>(32, 0x42), UnsafeSecretAccess::Get()));
  return *key;
}

// The code of any answer must be one that the reader promises.
void CheckPromised(const absl::Status& status) {
  Check(status.ok() || absl::IsInvalidArgument(status) ||
        absl::IsDataLoss(status) || absl::IsPermissionDenied(status));
}

void TryFile(absl::string_view file) {
  const absl::StatusOr<KeyringKdf> kdf = ParseKeyringKdf(file);
  CheckPromised(kdf.status());
  if (kdf.ok()) {
    Check(kdf->passes >= 2 && kdf->passes <= 16);
    Check(kdf->memory_kib >= 65536 && kdf->memory_kib <= 1048576);
  }
  const absl::StatusOr<KeyringContent> content = OpenKeyring(FixedKey(), file);
  CheckPromised(content.status());
  Check(kdf.ok() || !content.ok());
}

void TryFileWithChecksum(std::string file) {
  if (file.size() >= kChecksumBytes) {
    auto* const bytes = reinterpret_cast<uint8_t*>(file.data());
    const size_t checked = file.size() - kChecksumBytes;
    crypto_generichash_blake2b(bytes + checked, kChecksumBytes, bytes, checked,
                               nullptr, 0);
  }
  TryFile(file);
}

void TryContent(absl::string_view bytes) {
  const absl::StatusOr<KeyringContent> content =
      ParseKeyringContent(absl::MakeConstSpan(
          reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
  CheckPromised(content.status());
  if (!content.ok()) return;
  const absl::StatusOr<SecretBuffer> written =
      SerializeKeyringContent(*content);
  Check(written.ok());
  const absl::Span<const uint8_t> same =
      written->Bytes(UnsafeSecretAccess::Get());
  Check(absl::string_view(reinterpret_cast<const char*>(same.data()),
                          same.size()) == bytes);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 'f':
      subrosa::TryFileWithChecksum(std::string(rest));
      break;
    case 'r':
      subrosa::TryFile(rest);
      break;
    case 'c':
      subrosa::TryContent(rest);
      break;
    default:
      break;
  }
  return 0;
}
