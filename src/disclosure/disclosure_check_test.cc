#include "src/disclosure/disclosure_check.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/disclosure/scratch_disclosure.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(kDisclosureSeconds);

constexpr char kGrant[] =
    "kind: DISCLOSURE_KIND_GRANT pseudonym: 'p' content_sha256:"
    " '01234567890123456789012345678901' records: 3";

TEST(DisclosureCheckTest, WhatSaysWhoWhatWhenAndWhyIsTaken) {
  EXPECT_TRUE(CheckDisclosure(ScratchDisclosure("ada", "coach"), kNow).ok());
  EXPECT_TRUE(
      CheckDisclosure(ScratchDisclosure("ada", "coach", kGrant), kNow).ok());
  EXPECT_TRUE(CheckDisclosure(ScratchRevocation("ada", "coach"), kNow).ok());
  EXPECT_TRUE(
      CheckDisclosure(ScratchDisclosure("ada", "coach", "action: ACTION_SELL"),
                      kNow)
          .ok());
}

TEST(DisclosureCheckTest, WhatIsWrongIsNamedAndNotRepeated) {
  struct Case {
    const char* field;
    const char* text;
  };
  const Case kCases[] = {
      {"consumer", "consumer: ''"},
      {"kind", "kind: DISCLOSURE_KIND_UNSPECIFIED"},
      {"kind", "kind: 99"},
      {"recipient", "recipient: 'Coach MARK'"},
      {"recipient_name", "recipient_name: 'MARK\\n'"},
      {"recipient_contact", "recipient_contact: 'MARK\\x00'"},
      {"action", "action: ACTION_UNSPECIFIED"},
      {"action", "action: ACTION_COLLECT"},
      {"action", "action: 99"},
      {"purpose", "purpose: ''"},
      {"purpose", "purpose: 'MARK'"},
      {"category", "category: HEALTH_CATEGORY_UNSPECIFIED"},
      {"category", "category: HEALTH_CATEGORY_CONDITIONS"},
      {"category", "category: 77"},
      {"at", "at { seconds: -1 }"},
      {"at", "at { nanos: -1 }"},
      {"at", "at { seconds: 253402300800 }"},
      {"records", "records: -1"},
      {"content_sha256", "content_sha256: 'MARK'"},
      {"pseudonym", "pseudonym: 'MARK\\t'"},
      {"note", "note: 'MARK\\xff'"},
      {"rule", "rule: 'MARK\\n'"},
      {"content_sha256", "kind: DISCLOSURE_KIND_GRANT pseudonym: 'MARK'"},
      {"pseudonym",
       "kind: DISCLOSURE_KIND_GRANT content_sha256:"
       " '01234567890123456789012345678901'"},
      {"purpose", "kind: DISCLOSURE_KIND_REVOCATION purpose: 'MARK'"},
  };
  for (const Case& each : kCases) {
    const absl::Status status =
        CheckDisclosure(ScratchDisclosure("ada", "coach", each.text), kNow);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << each.text;
    EXPECT_TRUE(absl::StartsWith(status.message(),
                                 absl::StrCat("disclosure.", each.field, ": ")))
        << each.text << ": " << status;
    EXPECT_FALSE(absl::StrContains(status.message(), "MARK")) << status;
  }
}

TEST(DisclosureCheckTest, ADisclosureThatIsToComeIsNone) {
  const v1::Disclosure entry = ScratchDisclosure("ada", "coach");

  EXPECT_TRUE(CheckDisclosure(entry, kNow - kMaxDisclosureSkew).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckDisclosure(entry, kNow - kMaxDisclosureSkew - absl::Seconds(1))));
  v1::Disclosure timeless = entry;
  timeless.clear_at();
  EXPECT_TRUE(absl::IsInvalidArgument(CheckDisclosure(timeless, kNow)));
}

TEST(DisclosureCheckTest, TextsHaveTheirBounds) {
  v1::Disclosure entry = ScratchDisclosure("ada", "coach");
  entry.set_note(std::string(kMaxDisclosureNoteBytes, 'n'));
  EXPECT_TRUE(CheckDisclosure(entry, kNow).ok());

  entry.set_note(std::string(kMaxDisclosureNoteBytes + 1, 'n'));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckDisclosure(entry, kNow)));
  entry.clear_note();
  entry.set_consumer(std::string(257, 'c'));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckDisclosure(entry, kNow)));
  entry.set_consumer("ada");
  for (int i = 0; i <= kMaxDisclosureRules; ++i) entry.add_rule("a/b");
  EXPECT_TRUE(absl::IsInvalidArgument(CheckDisclosure(entry, kNow)));
}

}  // namespace
}  // namespace subrosa
