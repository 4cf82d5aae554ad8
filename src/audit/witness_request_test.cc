#include "src/audit/witness_request.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/text_line.h"

namespace subrosa {
namespace {

constexpr char kHash[] = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=";

// The example of C2SP tlog-witness.
constexpr char kExample[] =
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "\xe2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9"
    "nTo+zyWE+xeMcTOAYQ8=\n"
    "\xe2\x80\x94 example.com/behind-the-sofa "
    "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QU"
    "XTS5Rovnzv++qbSzm9Q=\n";

TEST(WitnessRequestTest, TheSpecificationsExampleIsReadAsItIsWritten) {
  const absl::StatusOr<WitnessRequest> request = ParseWitnessRequest(kExample);

  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->old_size, 20852014u);
  ASSERT_EQ(request->proof.size(), 4u);
  EXPECT_EQ(WriteHash(request->proof[0]), kHash);
  EXPECT_TRUE(absl::StartsWith(request->checkpoint,
                               "example.com/behind-the-sofa\n20852163\n"));
  EXPECT_EQ(SerializeWitnessRequest(*request), kExample);
}

TEST(WitnessRequestTest, AProofMayBeEmptyOrOf63Lines) {
  std::string lines;
  for (int i = 0; i < 63; ++i) absl::StrAppend(&lines, kHash, "\n");

  EXPECT_TRUE(ParseWitnessRequest("old 0\n\nnote\n").ok());
  EXPECT_TRUE(
      ParseWitnessRequest(absl::StrCat("old 1\n", lines, "\nnote\n")).ok());
  const absl::Status more =
      ParseWitnessRequest(absl::StrCat("old 1\n", lines, kHash, "\n\nnote\n"))
          .status();
  EXPECT_EQ(more.message(), "request.proof: want at most 63 lines, got more");
}

TEST(WitnessRequestTest, AnythingElseIsRefusedWithWhatWasWanted) {
  const std::string hash = absl::StrCat(kHash, "\n");
  const struct {
    std::string text;
    const char* wanted;
  } kCases[] = {
      {"", "request.old: want"},
      {"\n\nnote\n", "request.old: want"},
      {"old\n\nnote\n", "request.old: want"},
      {"old \n\nnote\n", "request.old: want"},
      {"old 1", "request.old: want"},
      {"old 01\n\nnote\n", "request.old: want"},
      {"old +1\n\nnote\n", "request.old: want"},
      {"old -1\n\nnote\n", "request.old: want"},
      {"old  1\n\nnote\n", "request.old: want"},
      {"old 1 \n\nnote\n", "request.old: want"},
      {"old 1\r\n\r\nnote\r\n", "request.old: want"},
      {"old 18446744073709551616\n\nnote\n", "request.old: want"},
      {"Old 1\n\nnote\n", "request.old: want"},
      {"old 1\n", "request.proof: want an empty line"},
      {"old 1\n" + hash, "request.proof: want an empty line"},
      {"old 1\n" + hash + kHash, "request.proof: want an empty line"},
      {"old 1\nnote\n\n", "request.proof[0]: want 32 bytes"},
      {"old 1\n" + hash + " " + hash + "\nnote\n", "request.proof[1]: want"},
      {"old 1\n" + hash.substr(4) + "\nnote\n", "request.proof[0]: want"},
      {"old 1\n" + hash.substr(0, 43) + "\n\nnote\n", "request.proof[0]: want"},
      // The last character's low bits are not part of the hash.
      {"old 1\n" + hash.substr(0, 42) + "x=\n\nnote\n", "request.proof[0]"},
      {"old 1\n\n", "request.checkpoint: want a signed note"},
      {"old 1\n\n" + std::string(kMaxWitnessRequestBytes, 'n'),
       "request: want at most 131072 bytes, got 131079"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ParseWitnessRequest(c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.wanted;
    EXPECT_TRUE(absl::StartsWith(status.message(), c.wanted)) << status;
  }
}

}  // namespace
}  // namespace subrosa
