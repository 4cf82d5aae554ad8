#include "src/crypto/committing_box.h"

#include <cstring>

#include "src/crypto/salt.h"
#include "src/crypto/single_use_aead.h"

namespace subrosa {
namespace {

constexpr uint8_t kFormat = 1;
constexpr size_t kSaltOffset = 1;
constexpr size_t kCommitmentOffset = kSaltOffset + kSaltBytes;
static_assert(kCommitmentOffset + kCommitmentBytes == kBoxHeaderBytes);
static_assert(kBoxHeaderBytes + kAeadTagBytes == kBoxOverheadBytes);

// Decides the key of the box that starts with `box`'s format and salt.
class BoxHash : public KeyedHash {
 public:
  BoxHash(const SecretKey& key, absl::string_view use,
          absl::string_view context, const uint8_t* box)
      : KeyedHash(
            key, use,
            absl::string_view(reinterpret_cast<const char*>(box) + kSaltOffset,
                              kSaltBytes),
            sizeof(DerivedKey::bytes)) {
    AddInteger(box[0]);
    AddFixed(context);
  }
};

}  // namespace

absl::Status SealBox(const SecretKey& key, absl::string_view use,
                     absl::string_view context,
                     absl::Span<const uint8_t> plaintext,
                     absl::Span<uint8_t> box) {
  box[0] = kFormat;
  DrawSalt(box.data() + kSaltOffset);
  BoxHash hash(key, use, context, box.data());
  const DerivedKey derived(hash);
  std::memcpy(box.data() + kCommitmentOffset, derived.commitment(),
              kCommitmentBytes);
  return SealOnce(Cipher::kChaCha20Poly1305, derived.key(),
                  box.first(kBoxHeaderBytes), plaintext,
                  box.subspan(kBoxHeaderBytes));
}

BoxResult OpenBox(const SecretKey& key, absl::string_view use,
                  absl::string_view context, absl::Span<const uint8_t> box,
                  absl::Span<uint8_t> plaintext) {
  if (!plaintext.empty()) std::memset(plaintext.data(), 0, plaintext.size());
  if (box.size() < kBoxOverheadBytes || box[0] != kFormat) {
    return BoxResult::kNotCommitted;
  }
  BoxHash hash(key, use, context, box.data());
  const DerivedKey derived(hash);
  if (sodium_memcmp(derived.commitment(), box.data() + kCommitmentOffset,
                    kCommitmentBytes) != 0) {
    return BoxResult::kNotCommitted;
  }
  return OpenOnce(Cipher::kChaCha20Poly1305, derived.key(),
                  box.first(kBoxHeaderBytes), box.subspan(kBoxHeaderBytes),
                  plaintext)
             ? BoxResult::kOpened
             : BoxResult::kDamaged;
}

}  // namespace subrosa
