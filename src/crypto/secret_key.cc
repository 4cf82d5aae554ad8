#include "src/crypto/secret_key.h"

#include <pthread.h>
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <mutex>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/crypto_init.h"

namespace subrosa {
namespace {

constexpr size_t kSlabBytes = size_t{16} << 10;

// All slots of the process. A free slot holds a pointer to the next free one.
class KeyArena {
 public:
  absl::StatusOr<uint8_t*> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (free_ == nullptr) SUBROSA_RETURN_IF_ERROR(Grow());
    Slot* const slot = free_;
    free_ = slot->next;
    slot->next = nullptr;
    return reinterpret_cast<uint8_t*>(slot);
  }

  void Give(uint8_t* bytes) {
    sodium_memzero(bytes, kSecretKeyBytes);
    Slot* const slot = reinterpret_cast<Slot*>(bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    slot->next = free_;
    free_ = slot;
  }

  // So that a fork never copies the lock in another thread's hands.
  void Lock() { mutex_.lock(); }
  void Unlock() { mutex_.unlock(); }

 private:
  struct Slot {
    Slot* next;
  };

  // Adds a slab between two guard pages to the free slots.
  absl::Status Grow() {
    if (slots_ >= kMaxSecretKeys) {
      return absl::ResourceExhaustedError(
          absl::StrCat("secret keys: want at most ", kMaxSecretKeys,
                       " alive at one time, got one more"));
    }
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t slab_bytes = (kSlabBytes + page - 1) / page * page;
    const size_t mapped_bytes = slab_bytes + 2 * page;
    void* const mapped = mmap(nullptr, mapped_bytes, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return NoMemory();
    uint8_t* const slab = static_cast<uint8_t*>(mapped) + page;
    if (mprotect(slab, slab_bytes, PROT_READ | PROT_WRITE) != 0 ||
        madvise(slab, slab_bytes, MADV_DONTDUMP) != 0 ||
        mlock(slab, slab_bytes) != 0) {
      munmap(mapped, mapped_bytes);
      return NoMemory();
    }
    for (size_t at = 0; at + kSecretKeyBytes <= slab_bytes;
         at += kSecretKeyBytes) {
      Slot* const slot = reinterpret_cast<Slot*>(slab + at);
      slot->next = free_;
      free_ = slot;
      ++slots_;
    }
    return absl::OkStatus();
  }

  absl::Status NoMemory() const {
    return absl::ResourceExhaustedError(
        absl::StrCat("secret keys: want ", kSlabBytes,
                     " more bytes of locked memory beside ", slots_,
                     " keys, got none: raise RLIMIT_MEMLOCK (ulimit -l)"));
  }

  std::mutex mutex_;
  Slot* free_ = nullptr;
  size_t slots_ = 0;
};

// Locked memory belongs to the process, so there is one arena. It is never
// destroyed: keys may outlive static destructors.
KeyArena& Arena() {
  static KeyArena* const arena = [] {
    pthread_atfork([] { Arena().Lock(); }, [] { Arena().Unlock(); },
                   [] { Arena().Unlock(); });
    return new KeyArena;
  }();
  return *arena;
}

}  // namespace

absl::StatusOr<SecretKey> SecretKey::Random() {
  SUBROSA_RETURN_IF_ERROR(InitializeCrypto());
  SUBROSA_ASSIGN_OR_RETURN(uint8_t* const bytes, Arena().Take());
  randombytes_buf(bytes, kSecretKeyBytes);
  return SecretKey(bytes);
}

absl::StatusOr<SecretKey> SecretKey::FromBytes(absl::Span<const uint8_t> bytes,
                                               SecretAccess) {
  if (bytes.size() != kSecretKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "secret key: want ", kSecretKeyBytes, " bytes, got ", bytes.size()));
  }
  SUBROSA_RETURN_IF_ERROR(InitializeCrypto());
  SUBROSA_ASSIGN_OR_RETURN(uint8_t* const slot, Arena().Take());
  std::memcpy(slot, bytes.data(), kSecretKeyBytes);
  return SecretKey(slot);
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    Release();
    bytes_ = std::exchange(other.bytes_, nullptr);
  }
  return *this;
}

absl::StatusOr<SecretKey> SecretKey::Clone() const {
  return FromBytes(absl::MakeConstSpan(Bytes(SecretAccess()), kSecretKeyBytes),
                   SecretAccess());
}

const uint8_t* SecretKey::Bytes(SecretAccess) const {
  if (bytes_ == nullptr) std::abort();
  return bytes_;
}

bool SecretKey::Equals(const SecretKey& other) const {
  return sodium_memcmp(Bytes(SecretAccess()), other.Bytes(SecretAccess()),
                       kSecretKeyBytes) == 0;
}

void SecretKey::Release() {
  if (bytes_ != nullptr) Arena().Give(std::exchange(bytes_, nullptr));
}

}  // namespace subrosa
