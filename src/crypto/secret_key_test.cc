#include "src/crypto/secret_key.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/crypto/unsafe_secret_access.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SUBROSA_SANITIZED 1
#endif
#endif

namespace subrosa {
namespace {

std::vector<uint8_t> BytesOf(const SecretKey& key) {
  const uint8_t* const bytes = key.Bytes(UnsafeSecretAccess::Get());
  return std::vector<uint8_t>(bytes, bytes + kSecretKeyBytes);
}

// The flags of the mapping that holds `address`, as the kernel shows them.
std::string MappingFlags(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  bool inside = false;
  while (std::getline(maps, line)) {
    unsigned long start, end;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &start, &end) == 2) {
      const auto at = reinterpret_cast<unsigned long>(address);
      inside = start <= at && at < end;
    }
    if (inside && line.rfind("VmFlags:", 0) == 0) return line + " ";
  }
  return "";
}

TEST(SecretKeyTest, RandomKeysDiffer) {
  const SecretKey one = *SecretKey::Random();
  const SecretKey other = *SecretKey::Random();

  EXPECT_FALSE(one.Equals(other));
}

TEST(SecretKeyTest, ACloneIsEqualAndOutlivesItsOriginal) {
  SecretKey original = *SecretKey::Random();
  const std::vector<uint8_t> bytes = BytesOf(original);

  const SecretKey clone = *original.Clone();
  EXPECT_TRUE(clone.Equals(original));
  original = *SecretKey::Random();

  EXPECT_EQ(BytesOf(clone), bytes);
}

TEST(SecretKeyTest, OnlyThirtyTwoBytesMakeAKey) {
  for (const size_t size : {0, 1, 31, 33, 64}) {
    const std::vector<uint8_t> bytes(size);
    const absl::Status status =
        SecretKey::FromBytes(bytes, UnsafeSecretAccess::Get()).status();

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << size;
  }
  const std::array<uint8_t, 32> right = {};
  EXPECT_TRUE(SecretKey::FromBytes(right, UnsafeSecretAccess::Get()).ok());
}

TEST(SecretKeyTest, AReleasedKeyIsWiped) {
  const uint8_t* where;
  {
    const SecretKey key = *SecretKey::Random();
    where = key.Bytes(UnsafeSecretAccess::Get());
  }
  // The slot now holds a list pointer in its first 8 bytes and zeros after.
  EXPECT_TRUE(std::all_of(where + 8, where + kSecretKeyBytes,
                          [](uint8_t byte) { return byte == 0; }));
}

TEST(SecretKeyTest, KeysAreLockedAndLeftOutOfCoreDumps) {
  const SecretKey key = *SecretKey::Random();

  const std::string flags = MappingFlags(key.Bytes(UnsafeSecretAccess::Get()));

  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;  // Do not dump.
#ifdef SUBROSA_SANITIZED
  GTEST_SKIP() << "the sanitizer takes mlock away";
#endif
  EXPECT_NE(flags.find(" lo "), std::string::npos) << flags;  // Locked.
}

TEST(SecretKeyDeathTest, ReadingBehindTheLastSlotEndsTheProcess) {
  const SecretKey key = *SecretKey::Random();
  const volatile uint8_t* byte = key.Bytes(UnsafeSecretAccess::Get());

  EXPECT_DEATH(
      {
        for (size_t i = 0; i < (size_t{16} << 10) + 1; ++i) (void)byte[i];
      },
      "");
}

TEST(SecretKeyDeathTest, AMovedFromKeyIsNotUsedByMistake) {
  SecretKey key = *SecretKey::Random();
  const SecretKey moved = std::move(key);

  EXPECT_DEATH(key.Bytes(UnsafeSecretAccess::Get()), "");
}

TEST(SecretKeyTest, WithoutMoreLockableMemoryTheErrorSaysWhatToRaise) {
#ifdef SUBROSA_SANITIZED
  GTEST_SKIP() << "the sanitizer needs the memory that is taken away here";
#endif
  const pid_t child = fork();
  if (child == 0) {
    std::vector<SecretKey> keys;
    keys.reserve(kMaxSecretKeys);
    // Root may lock what it likes, but has no more memory than others.
    const rlimit none = {0, 0};
    setrlimit(RLIMIT_MEMLOCK, &none);
    setrlimit(RLIMIT_AS, &none);
    for (;;) {
      absl::StatusOr<SecretKey> key = SecretKey::Random();
      if (key.ok()) {
        keys.push_back(*std::move(key));
        continue;
      }
      const std::string message(key.status().message());
      _exit(keys.size() < kMaxSecretKeys &&
                    absl::IsResourceExhausted(key.status()) &&
                    message.find("raise RLIMIT_MEMLOCK") != std::string::npos
                ? 0
                : 1);
    }
  }
  int status;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SecretKeyTest, TheNumberOfLivingKeysHasALimitAndReleasingMakesRoom) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
  if (limit.rlim_cur < kMaxSecretKeys * kSecretKeyBytes + (1 << 20) &&
      geteuid() != 0) {
    GTEST_SKIP() << "RLIMIT_MEMLOCK is lower than the limit";
  }
  std::vector<SecretKey> keys;
  absl::Status status;
  while (keys.size() <= kMaxSecretKeys) {
    absl::StatusOr<SecretKey> key = SecretKey::Random();
    if (!key.ok()) {
      status = key.status();
      break;
    }
    keys.push_back(*std::move(key));
  }

  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_EQ(keys.size(), kMaxSecretKeys);
  keys.pop_back();
  EXPECT_TRUE(SecretKey::Random().ok());
}

TEST(SecretKeyTest, ThreadsThatMakeAndReleaseKeysNeverShareASlot) {
  std::vector<std::thread> threads;
  std::array<int, 4> mixed_up = {};
  for (size_t t = 0; t < mixed_up.size(); ++t) {
    threads.emplace_back([t, &mixed_up] {
      const std::vector<uint8_t> mark(kSecretKeyBytes,
                                      static_cast<uint8_t>(t + 1));
      for (int i = 0; i < 2000; ++i) {
        const SecretKey a =
            *SecretKey::FromBytes(mark, UnsafeSecretAccess::Get());
        const SecretKey b = *a.Clone();
        if (BytesOf(a) != mark || BytesOf(b) != mark) ++mixed_up[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(mixed_up, (std::array<int, 4>{}));
}

}  // namespace
}  // namespace subrosa
