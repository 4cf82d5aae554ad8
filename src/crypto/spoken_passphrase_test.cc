#include "src/crypto/spoken_passphrase.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::MatchesRegex;

std::string Word(uint16_t bits) {
  std::array<uint8_t, kSpokenWordLetters> word;
  SpellSpokenWord(bits, absl::MakeSpan(word));
  return std::string(word.begin(), word.end());
}

std::string TestFile(const std::string& name) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  unlink(path.c_str());
  return path;
}

std::string Written(const std::string& path) {
  const auto passphrase = NewSpokenPassphrase();
  EXPECT_TRUE(passphrase.ok()) << passphrase.status();
  EXPECT_TRUE(WriteSecretFile(*passphrase, path).ok());
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

// The examples of the proposal: 127.0.0.1 and 63.84.220.193.
TEST(SpokenPassphraseTest, WordsAreThoseOfTheProposal) {
  EXPECT_EQ("lusab", Word(127 << 8));
  EXPECT_EQ("babad", Word(1));
  EXPECT_EQ("gutih", Word(63 << 8 | 84));
  EXPECT_EQ("tugad", Word(220 << 8 | 193));
}

TEST(SpokenPassphraseTest, NoTwoBitPatternsGiveOneWord) {
  std::set<std::string> words;
  for (uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    words.insert(Word(static_cast<uint16_t>(bits)));
  }
  EXPECT_EQ(65'536u, words.size());
}

TEST(SpokenPassphraseTest, APassphraseIsSixWordsAndNeverTheSame) {
  const std::string first = Written(TestFile("first"));

  EXPECT_THAT(first, MatchesRegex("([a-z]{5}-){5}[a-z]{5}\n"));
  EXPECT_NE(first, Written(TestFile("second")));
}

TEST(SpokenPassphraseTest, ItsFileIsForItsOwnerAloneAndReplacesNothing) {
  const std::string path = TestFile("mine");
  Written(path);

  struct stat facts;
  ASSERT_EQ(0, stat(path.c_str(), &facts));
  EXPECT_EQ(0600u, facts.st_mode & 0777);
  EXPECT_TRUE(
      absl::IsAlreadyExists(WriteSecretFile(*NewSpokenPassphrase(), path)));
  EXPECT_TRUE(ReadSecretFile(path).ok());
}

}  // namespace
}  // namespace subrosa
