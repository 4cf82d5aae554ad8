#include "src/consent/gpc_signal.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1790337600);
const SignalSender kLaptop = {"maya-7", "browser-41c2", "US-CA"};

// Covers: ca-ccpa/preference-signal
TEST(GpcSignalTest, ASignalIsAnOptOutOfSharingAndSale) {
  const absl::StatusOr<v1::Choice> choice =
      ChoiceOfSignal("Sec-GPC: 1", kLaptop, kNoon);

  ASSERT_TRUE(choice.ok()) << choice.status();
  EXPECT_EQ(choice->kind(), v1::CHOICE_KIND_SIGNAL);
  EXPECT_THAT(choice->action(),
              testing::ElementsAre(v1::ACTION_SHARE, v1::ACTION_SELL));
  EXPECT_EQ(choice->purpose_size(), 0) << "every purpose";
  EXPECT_EQ(choice->recipient_size(), 0) << "every recipient";
  EXPECT_EQ(choice->given_at().seconds(), 1790337600);
  EXPECT_EQ(choice->jurisdiction(), "US-CA");
  EXPECT_EQ(choice->actor().kind(), v1::ACTOR_KIND_SELF);
}

TEST(GpcSignalTest, TheRawLineAndTheDevicesPseudonymAreKept) {
  const absl::StatusOr<v1::Choice> choice =
      ChoiceOfSignal("sec-gpc:\t1 \r\n", kLaptop, kNoon);

  ASSERT_TRUE(choice.ok()) << choice.status();
  EXPECT_EQ(choice->signal().header(), "sec-gpc:\t1 \r\n");
  EXPECT_EQ(choice->signal().device(), "browser-41c2");
}

TEST(GpcSignalTest, TheFieldsNameHasNoCaseAndItsValueMayStandBetweenBlanks) {
  for (const absl::string_view line :
       {"Sec-GPC: 1", "sec-gpc:1", "SEC-GPC:   1\t", "Sec-Gpc: 1\r\n",
        "sec-gpc: 1\n"}) {
    EXPECT_TRUE(IsPreferenceSignal(line)) << testing::PrintToString(line);
  }
}

TEST(GpcSignalTest, AnythingButOneIsNoSignal) {
  using std::string_literals::operator""s;
  for (const std::string& line :
       std::vector<std::string>{"",
                                ":",
                                "1",
                                "Sec-GPC",
                                "Sec-GPC:",
                                "Sec-GPC: ",
                                "Sec-GPC: 0",
                                "Sec-GPC: 11",
                                "Sec-GPC: 01",
                                "Sec-GPC: +1",
                                "Sec-GPC: 1.0",
                                "Sec-GPC: true",
                                "Sec-GPC: ?1",
                                "Sec-GPC: \"1\"",
                                "Sec-GPC: 1, 1",
                                "Sec-GPC: 1; q=1",
                                "Sec-GPC: 1 1",
                                "Sec-GPC : 1",
                                " Sec-GPC: 1",
                                "Sec-GPC\t: 1",
                                "Sec-GPC= 1",
                                "X-Sec-GPC: 1",
                                "Sec-GPCX: 1",
                                "Sec-GPC: 1\r",
                                "Sec-GPC: 1\r\n\r\n",
                                "Sec-GPC: 0\r\nSec-GPC: 1",
                                "Sec-GPC: \xef\xbc\x91",
                                "Sec-GPC: \xc2\xa0"s + "1",
                                "Sec-GPC: 1\0"s,
                                "Sec-GPC:\0"s + "1",
                                "Sec-GPC: \v1",
                                "Sec\xe2\x80\x90GPC: 1"}) {
    EXPECT_FALSE(IsPreferenceSignal(line)) << testing::PrintToString(line);
  }
}

TEST(GpcSignalTest, ALineOfBlanksWithoutEndIsNotRead) {
  EXPECT_FALSE(
      IsPreferenceSignal("Sec-GPC: " + std::string(1 << 20, ' ') + "1"));
}

TEST(GpcSignalTest, OneSignalAmongOtherLinesIsEnough) {
  const std::vector<absl::string_view> lines = {
      "Host: rosewater.example", "Sec-GPC: 0", "Sec-GPC: 1", "DNT: 0"};

  EXPECT_EQ(FindPreferenceSignal(lines), "Sec-GPC: 1");
}

// Covers: ca-ccpa/preference-signal
TEST(GpcSignalTest, ARequestWithoutTheSignalSaysNothing) {
  const std::vector<absl::string_view> lines = {"Host: rosewater.example",
                                                "Sec-GPC: 0"};

  EXPECT_FALSE(FindPreferenceSignal(lines).has_value());
  EXPECT_FALSE(FindPreferenceSignal({}).has_value());
  EXPECT_TRUE(absl::IsInvalidArgument(
      ChoiceOfSignal("Sec-GPC: 0", kLaptop, kNoon).status()));
}

TEST(GpcSignalTest, ASignalOfNobodyIsRefused) {
  const absl::StatusOr<v1::Choice> choice =
      ChoiceOfSignal("Sec-GPC: 1", {"", "browser-41c2", "US-CA"}, kNoon);

  EXPECT_TRUE(absl::IsInvalidArgument(choice.status()));
}

TEST(GpcSignalTest, ARefusalRepeatsNothingOfTheRequest) {
  const SignalSender sender = {"maya-7", std::string(129, 'd'), "US-CA"};

  for (const absl::Status& status :
       {ChoiceOfSignal("Sec-GPC: 1", sender, kNoon).status(),
        ChoiceOfSignal("Cookie: id=s3cret", kLaptop, kNoon).status()}) {
    ASSERT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_FALSE(absl::StrContains(status.message(), "ddd"));
    EXPECT_FALSE(absl::StrContains(status.message(), "s3cret"));
    EXPECT_FALSE(absl::StrContains(status.message(), "maya"));
  }
}

}  // namespace
}  // namespace subrosa
