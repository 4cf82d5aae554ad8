#include "src/crypto/salt.h"

#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string Salt() {
  std::string salt(kSaltBytes, '\0');
  DrawSalt(reinterpret_cast<uint8_t*>(salt.data()));
  return salt;
}

TEST(SaltTest, SaltsDoNotRepeatAcrossPages) {
  std::set<std::string> salts;
  for (int i = 0; i < 5000; ++i) salts.insert(Salt());

  EXPECT_EQ(salts.size(), 5000u);
}

TEST(SaltTest, ThreadsDrawDifferentSalts) {
  std::mutex mutex;
  std::set<std::string> salts;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&mutex, &salts] {
      for (int i = 0; i < 500; ++i) {
        const std::string salt = Salt();
        const std::lock_guard<std::mutex> lock(mutex);
        salts.insert(salt);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(salts.size(), 2000u);
}

// Both go on from the middle of the same page.
TEST(SaltTest, AForkedChildDoesNotRepeatItsParentsSalts) {
  Salt();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    bool written = true;
    for (int i = 0; i < 10; ++i) {
      const std::string salt = Salt();
      written = written && write(ends[1], salt.data(), salt.size()) ==
                               static_cast<ssize_t>(salt.size());
    }
    _exit(written ? 0 : 1);
  }
  std::set<std::string> salts;
  for (int i = 0; i < 10; ++i) salts.insert(Salt());
  for (int i = 0; i < 10; ++i) {
    std::string salt(kSaltBytes, '\0');
    ASSERT_EQ(read(ends[0], salt.data(), salt.size()),
              static_cast<ssize_t>(salt.size()));
    salts.insert(salt);
  }
  int status;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  close(ends[0]);
  close(ends[1]);

  EXPECT_EQ(salts.size(), 20u);
}

}  // namespace
}  // namespace subrosa
