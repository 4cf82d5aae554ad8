#include "src/crypto/plain_file_provider.h"

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/provider_contract.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

std::string PathOfTest() {
  return testing::TempDir() + "/" +
         testing::UnitTest::GetInstance()->current_test_info()->name();
}

TEST(PlainFileProviderTest, KeepsTheContract) {
  PlainFileProvider provider(PathOfTest());

  ExpectKeepsTheContract(&provider);
}

TEST(PlainFileProviderTest, AFileThatIsPutBackBringsADestroyedEpochBack) {
  PlainFileProvider provider(PathOfTest());
  const std::string sealed =
      *provider.CreateEpoch("rosewater", 1, absl::UnixEpoch());
  const std::string copy = *ReadFile(PathOfTest(), 4096);
  ASSERT_TRUE(provider.DestroyEpoch("rosewater", 1).ok());
  EXPECT_FALSE(provider.OpenEpoch("rosewater", 1, sealed).ok());

  ASSERT_TRUE(ReplaceFile(PathOfTest(), copy, 0600).ok());

  EXPECT_TRUE(provider.OpenEpoch("rosewater", 1, sealed).ok());
}

TEST(PlainFileProviderTest, AnotherProcessSignsWithTheSameKey) {
  const std::string public_key =
      *PlainFileProvider(PathOfTest()).CreateSigningKey("log");
  PlainFileProvider other(PathOfTest());

  EXPECT_EQ(*other.PublicKey("log"), public_key);
  EXPECT_TRUE(SignNote("text\n", *NoteKey::Create("log", public_key),
                       [&](absl::string_view message) {
                         return other.Sign("log", message);
                       })
                  .ok());
}

TEST(PlainFileProviderTest, AKeyIsMadeOnceAndMissedWhereThereIsNone) {
  PlainFileProvider provider(PathOfTest());
  ASSERT_TRUE(provider.CreateSigningKey("log").ok());

  EXPECT_TRUE(absl::IsAlreadyExists(provider.CreateSigningKey("log").status()));
  EXPECT_TRUE(absl::IsNotFound(provider.PublicKey("other").status()));
  EXPECT_TRUE(absl::IsNotFound(provider.Sign("other", "message").status()));
}

TEST(PlainFileProviderTest, AnAnchorOnlyAdvances) {
  PlainFileProvider provider(PathOfTest());
  EXPECT_TRUE(absl::IsNotFound(provider.ReadAnchor("log").status()));
  ASSERT_TRUE(provider.AdvanceAnchor("log", 7).ok());
  ASSERT_TRUE(provider.AdvanceAnchor("log", 7).ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(provider.AdvanceAnchor("log", 6)));
  EXPECT_EQ(*PlainFileProvider(PathOfTest()).ReadAnchor("log"), 7u);
}

TEST(PlainFileProviderTest, ADamagedFileIsLostData) {
  std::ofstream(PathOfTest()) << "neither\n";

  EXPECT_TRUE(absl::IsDataLoss(
      PlainFileProvider(PathOfTest()).ReadAnchor("log").status()));
}

}  // namespace
}  // namespace subrosa
