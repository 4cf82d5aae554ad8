#include "src/crypto/key_file.h"

#include <sys/stat.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

constexpr char kDigits[] =
    "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

absl::StatusOr<SecretKey> KeyIn(absl::string_view content, mode_t mode = 0600) {
  const std::string path = testing::TempDir() + "/key";
  EXPECT_TRUE(ReplaceFile(path, content, mode).ok());
  return ReadKeyFile(path);
}

TEST(KeyFileTest, SixtyFourDigitsAreAKeyWithAndWithoutANewline) {
  const auto plain = KeyIn(kDigits);
  const auto with_newline = KeyIn(std::string(kDigits) + "\n");

  ASSERT_TRUE(plain.ok()) << plain.status();
  ASSERT_TRUE(with_newline.ok()) << with_newline.status();
  EXPECT_TRUE(plain->Equals(*with_newline));
}

TEST(KeyFileTest, APassphraseIsNoKeyAndIsNotRepeated) {
  for (const std::string& content :
       {std::string("correct horse battery staple"),
        std::string(kDigits).substr(1), std::string(kDigits) + "0",
        std::string(kDigits).substr(2) + "zz", std::string(kDigits) + "\n\n",
        std::string(32, '\0')}) {
    const absl::Status status = KeyIn(content).status();

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                testing::Not(testing::HasSubstr("horse")));
  }
}

TEST(KeyFileTest, AKeyThatEverybodyMayReadIsRefused) {
  EXPECT_TRUE(absl::IsFailedPrecondition(KeyIn(kDigits, 0644).status()));
}

}  // namespace
}  // namespace subrosa
