#include "src/crypto/key_cache.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1790000000);
constexpr absl::Duration kFiveMinutes = absl::Minutes(5);

SecretKey NewKey() { return *SecretKey::Random(); }

TEST(KeyCacheTest, AnInsertedKeyIsFoundUntilItsTimeIsOver) {
  KeyCache cache(10, kFiveMinutes);
  const SecretKey key = NewKey();
  cache.Insert("ada", *key.Clone(), kNoon);

  ASSERT_NE(cache.Find("ada", kNoon + absl::Minutes(4)), nullptr);
  EXPECT_TRUE(cache.Find("ada", kNoon + absl::Minutes(4))->Equals(key));
  EXPECT_EQ(cache.Find("ada", kNoon + kFiveMinutes), nullptr);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(KeyCacheTest, UsingAKeyDoesNotProlongItsTime) {
  KeyCache cache(10, kFiveMinutes);
  cache.Insert("ada", NewKey(), kNoon);
  for (int minute = 0; minute < 5; ++minute) {
    EXPECT_NE(cache.Find("ada", kNoon + absl::Minutes(minute)), nullptr);
  }

  EXPECT_EQ(cache.Find("ada", kNoon + kFiveMinutes), nullptr);
}

TEST(KeyCacheTest, AnErasedKeyIsGoneAtOnce) {
  KeyCache cache(10, kFiveMinutes);
  cache.Insert("ada", NewKey(), kNoon);
  cache.Insert("bob", NewKey(), kNoon);

  cache.Erase("ada");
  cache.Erase("nobody");

  EXPECT_EQ(cache.Find("ada", kNoon), nullptr);
  EXPECT_NE(cache.Find("bob", kNoon), nullptr);
}

TEST(KeyCacheTest, AFullCacheDropsTheKeyUsedLongestAgo) {
  KeyCache cache(2, kFiveMinutes);
  cache.Insert("ada", NewKey(), kNoon);
  cache.Insert("bob", NewKey(), kNoon);
  cache.Find("ada", kNoon);

  cache.Insert("cleo", NewKey(), kNoon);

  EXPECT_EQ(cache.size(), 2u);
  EXPECT_NE(cache.Find("ada", kNoon), nullptr);
  EXPECT_EQ(cache.Find("bob", kNoon), nullptr);
  EXPECT_NE(cache.Find("cleo", kNoon), nullptr);
}

TEST(KeyCacheTest, AFullCacheDropsKeysWhoseTimeIsOverFirst) {
  KeyCache cache(2, kFiveMinutes);
  cache.Insert("old", NewKey(), kNoon);
  cache.Insert("new", NewKey(), kNoon + absl::Minutes(4));
  cache.Find("old", kNoon + absl::Minutes(4));  // The one used last.

  cache.Insert("newest", NewKey(), kNoon + absl::Minutes(6));

  EXPECT_NE(cache.Find("new", kNoon + absl::Minutes(6)), nullptr);
  EXPECT_EQ(cache.Find("old", kNoon + absl::Minutes(4)), nullptr);
}

TEST(KeyCacheTest, ANewKeyOfTheSameNameReplacesTheOldOne) {
  KeyCache cache(2, kFiveMinutes);
  const SecretKey second = NewKey();
  cache.Insert("ada", NewKey(), kNoon);

  cache.Insert("ada", *second.Clone(), kNoon);

  EXPECT_EQ(cache.size(), 1u);
  EXPECT_TRUE(cache.Find("ada", kNoon)->Equals(second));
}

TEST(KeyCacheTest, IdleKeysGoWhenTheCacheIsSwept) {
  KeyCache cache(10, kFiveMinutes);
  cache.Insert("ada", NewKey(), kNoon);
  cache.Insert("bob", NewKey(), kNoon + absl::Minutes(1));

  cache.Expire(kNoon + kFiveMinutes);
  EXPECT_EQ(cache.size(), 1u);
  cache.Clear();

  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.Find("bob", kNoon), nullptr);
}

TEST(KeyCacheTest, AKeyInUseOutlivesItsPlaceInTheCache) {
  KeyCache cache(1, kFiveMinutes);
  const SecretKey key = NewKey();
  const auto held = cache.Insert("ada", *key.Clone(), kNoon);

  cache.Insert("bob", NewKey(), kNoon);

  EXPECT_EQ(cache.Find("ada", kNoon), nullptr);
  EXPECT_TRUE(held->Equals(key));
}

TEST(KeyCacheTest, ThreadsMayShareACache) {
  KeyCache cache(8, kFiveMinutes);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string name = absl::StrCat((t + i) % 16);
        if (cache.Find(name, kNoon) == nullptr) {
          cache.Insert(name, NewKey(), kNoon);
        }
        if (i % 7 == 0) cache.Erase(name);
        if (i % 50 == 0) cache.Expire(kNoon);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_LE(cache.size(), 8u);
}

}  // namespace
}  // namespace subrosa
