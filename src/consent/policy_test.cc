#include "src/consent/policy.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

constexpr char kHash[] =
    "c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a";

std::string Good() {
  return absl::StrCat(R"(entity: "rosewater"
name: "Rosewater"
contact_email: "privacy@rosewater.example"
pack: "wa-mhmda"
pack: "ca-ccpa"
pack_for_all: "wa-mhmda"
residence_unless_known: "US-WA"
purpose {
  id: "guided-practice"
  title: "To lead you through a meditation"
  action: [ACTION_COLLECT, ACTION_USE]
  category: HEALTH_CATEGORY_INTERVENTIONS
  need: NEED_SERVICE
  need_reason: "the meditation app"
  served_when_limited: 1
}
purpose {
  id: "sleep-coaching"
  title: "To coach you on your sleep"
  action: ACTION_SHARE
  category: HEALTH_CATEGORY_BODILY_FUNCTIONS
  need: NEED_NONE
}
notice {
  id: "share-sleep"
  version: "3"
  text { locale: "en-US" sha256: ")",
                      kHash, R"(" }
  from: "2026-01-01"
  until: "2026-07-01"
  item: "wa-mhmda/consent-request#withdrawal"
}
)");
}

const LawBook& Book() {
  static const LawBook* const book =
      new LawBook(*std::move(LawBook::BuiltIn()));
  return *book;
}

absl::StatusOr<Policy> Parsed(const std::string& text) {
  return Policy::Parse("p.textproto", text, Book());
}

// What is said of `text`; "taken" if it is good.
std::string Said(const std::string& text) {
  const absl::StatusOr<Policy> policy = Parsed(text);
  if (policy.ok()) return "taken";
  EXPECT_TRUE(absl::IsInvalidArgument(policy.status()));
  return std::string(policy.status().message());
}

std::string Changed(const std::string& from, const std::string& to) {
  const std::string text = absl::StrReplaceAll(Good(), {{from, to}});
  EXPECT_NE(text, Good()) << from;
  return text;
}

TEST(PolicyTest, PurposesAreNumberedAsTheyStand) {
  absl::StatusOr<Policy> parsed = Parsed(Good());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const Policy policy = *std::move(parsed);

  EXPECT_EQ(policy.purpose_count(), 2);
  EXPECT_EQ(policy.NumberOf("sleep-coaching"), 2);
  EXPECT_EQ(policy.purpose(2).title(), "To coach you on your sleep");
  EXPECT_EQ(policy.FindPurpose("guided-practice"), &policy.purpose(1));
}

TEST(PolicyTest, WhatThePolicyDoesNotNameIsNoPurpose) {
  const absl::StatusOr<Policy> policy = Parsed(Good());
  ASSERT_TRUE(policy.ok());

  EXPECT_EQ(policy->NumberOf("profiling"), 0);
  EXPECT_EQ(policy->NumberOf(""), 0);
  EXPECT_EQ(policy->FindPurpose("Sleep-Coaching"), nullptr);
}

TEST(PolicyTest, ANoticeIsFoundByItsVersionAndLanguage) {
  const absl::StatusOr<Policy> policy = Parsed(Good());
  ASSERT_TRUE(policy.ok());

  ASSERT_NE(policy->FindText("share-sleep", "3", "en-US"), nullptr);
  EXPECT_EQ(policy->FindText("share-sleep", "3", "en-US")->sha256(), kHash);
  EXPECT_EQ(policy->FindText("share-sleep", "3", "es-US"), nullptr);
  EXPECT_EQ(policy->FindNotice("share-sleep", "2"), nullptr);
  EXPECT_EQ(policy->FindNotice("share", "3"), nullptr);
}

TEST(PolicyTest, ANoticeIsShownFromItsFirstDayUntilTheDayBeforeItsEnd) {
  const absl::StatusOr<Policy> policy = Parsed(Good());
  ASSERT_TRUE(policy.ok());
  const v1::Notice& notice = *policy->FindNotice("share-sleep", "3");

  EXPECT_FALSE(IsShownOn(notice, absl::CivilDay(2025, 12, 31)));
  EXPECT_TRUE(IsShownOn(notice, absl::CivilDay(2026, 1, 1)));
  EXPECT_TRUE(IsShownOn(notice, absl::CivilDay(2026, 6, 30)));
  EXPECT_FALSE(IsShownOn(notice, absl::CivilDay(2026, 7, 1)));
}

TEST(PolicyTest, AHomeBeginsWithAPolicyThatAllowsNothing) {
  const absl::StatusOr<Policy> policy =
      Parsed(StarterPolicy("rosewater", Book()));
  ASSERT_TRUE(policy.ok()) << policy.status();

  EXPECT_EQ(policy->proto().entity(), "rosewater");
  EXPECT_EQ(policy->purpose_count(), 0);
  EXPECT_GT(policy->proto().pack_size(), 9);
}

struct WrongField {
  const char* from;
  const char* to;
  const char* said;  // After the name of the file.
};

class WrongPolicyTest : public testing::TestWithParam<WrongField> {};

TEST_P(WrongPolicyTest, IsRefusedByItsLine) {
  const WrongField& wrong = GetParam();

  EXPECT_EQ(Said(Changed(wrong.from, wrong.to)),
            absl::StrCat("p.textproto:", wrong.said));
}

INSTANTIATE_TEST_SUITE_P(
    Head, WrongPolicyTest,
    testing::Values(
        WrongField{"\"rosewater\"", "\"Rosewater Inc\"",
                   "1: entity: want only a-z, 0-9 and -, got another byte at "
                   "0"},
        WrongField{"name: \"Rosewater\"", "",
                   "1: name: want 1 to 256 bytes, "
                   "got 0"},
        WrongField{"name: \"Rosewater\"", "name: \"\\377\"",
                   "1: name: want one line of UTF-8, got something else"},
        WrongField{"contact_email: \"privacy@rosewater.example\"", "",
                   "1: contact_email: want how consumers reach the entity, "
                   "here or in contact_url, got neither"},
        WrongField{"privacy@rosewater.example", "rosewater.example",
                   "1: contact_email: want an e-mail address, got something "
                   "else"},
        WrongField{"contact_email: \"privacy@rosewater.example\"",
                   "contact_url: \"http://rosewater.example\"",
                   "1: contact_url: want an https:// URL, got something else"},
        WrongField{"\"US-WA\"", "\"Washington\"",
                   "1: residence_unless_known: want an ISO 3166-2 code, as "
                   "US-WA, got something else"},
        WrongField{"residence_unless_known: \"US-WA\"",
                   "residence_unless_known: \"US-WA\" age_unless_known: -1",
                   "1: age_unless_known: want 0 to 150, got -1"},
        WrongField{"pack: \"ca-ccpa\"", "pack: \"wa-mhmda\"",
                   "5: pack: want each pack once, got wa-mhmda twice"},
        WrongField{"pack: \"ca-ccpa\"", "pack: \"xx-test\"",
                   "5: pack: want one that `subrosa law list` shows, got "
                   "xx-test"},
        WrongField{"pack_for_all: \"wa-mhmda\"", "pack_for_all: \"md-modpa\"",
                   "6: pack_for_all: want one of `pack`, got md-modpa"},
        WrongField{"name: \"Rosewater\"", "title: \"Rosewater\"",
                   "2: message type \"subrosa.v1.Policy\" has no field named "
                   "\"title\""}));

INSTANTIATE_TEST_SUITE_P(
    Purposes, WrongPolicyTest,
    testing::Values(
        WrongField{"\"sleep-coaching\"", "\"guided-practice\"",
                   "17: purpose.id: want one that no other purpose has, got "
                   "guided-practice"},
        WrongField{"\"sleep-coaching\"", "\"\"",
                   "17: purpose.id: want 1 to 64 bytes, got 0"},
        WrongField{"  title: \"To coach you on your sleep\"\n", "",
                   "17: purpose.title: want 1 to 256 bytes, got 0"},
        WrongField{"  action: ACTION_SHARE\n", "",
                   "17: purpose.action: want at least one, got none"},
        WrongField{"[ACTION_COLLECT, ACTION_USE]",
                   "[ACTION_COLLECT, ACTION_COLLECT]",
                   "8: purpose.action: want each once, got one twice"},
        WrongField{"action: ACTION_SHARE", "action: 99",
                   "17: purpose.action: want what this version knows, got "
                   "something else"},
        WrongField{"  category: HEALTH_CATEGORY_BODILY_FUNCTIONS\n", "",
                   "17: purpose.category: want at least one, got none"},
        WrongField{"  need: NEED_NONE\n", "",
                   "17: purpose.need: want one, or NEED_NONE, got nothing"},
        WrongField{"  need_reason: \"the meditation app\"\n", "",
                   "8: purpose.need_reason: want 1 to 256 bytes, got 0"},
        WrongField{"need: NEED_NONE", "need: NEED_NONE need_reason: \"it\"",
                   "17: purpose.need_reason: want none beside NEED_NONE, got "
                   "one"},
        WrongField{"served_when_limited: 1", "served_when_limited: 9",
                   "8: purpose.served_when_limited: want 0 to 8, got 9"},
        WrongField{"need: NEED_NONE",
                   "need: NEED_NONE exempt_as: \"hippa-phi\"",
                   "17: purpose.exempt_as: want a regime that a pack of the "
                   "policy leaves out, got hippa-phi"},
        WrongField{"pack: \"ca-ccpa\"\n", "",
                   "7: purpose.served_when_limited: want 0, for no pack of "
                   "the policy lists what is still served, got 1"}));

INSTANTIATE_TEST_SUITE_P(
    Notices, WrongPolicyTest,
    testing::Values(
        WrongField{"version: \"3\"", "version: \"three parts\"",
                   "24: notice.version: want 1 to 32 letters, digits, dots "
                   "and hyphens, got something else"},
        WrongField{"\"en-US\"", "\"English (US)\"",
                   "24: notice.text.locale: want a language tag, as en-US, "
                   "got something else"},
        WrongField{"c0535e4b", "C0535E4B",
                   "24: notice.text.sha256: want 64 hexadecimal digits in "
                   "lower case, got something else"},
        WrongField{"from: \"2026-01-01\"", "from: \"2026-02-30\"",
                   "24: notice.from: want a day as 2026-01-31, of the years "
                   "1900 to 2200, got something else"},
        WrongField{"until: \"2026-07-01\"", "until: \"2026-01-01\"",
                   "24: notice.until: want a day after `from`, got one that "
                   "is not"},
        WrongField{"#withdrawal", "#no-such-item",
                   "24: notice.item: want RULE#KEY of a pack's list of "
                   "contents, got what no pack has"},
        WrongField{"wa-mhmda/consent-request#withdrawal", "withdrawal",
                   "24: notice.item: want RULE#KEY of a pack's list of "
                   "contents, got what no pack has"}));

TEST(PolicyTest, APolicyWithoutPacksIsRefused) {
  const std::string text = Changed(
      "pack: \"wa-mhmda\"\npack: \"ca-ccpa\"\n"
      "pack_for_all: \"wa-mhmda\"\n",
      "");

  EXPECT_EQ(Said(text),
            "p.textproto:1: pack: want the packs that the entity goes by, got "
            "none");
}

TEST(PolicyTest, APurposeMayBeUnderARegimeThatAPackLeavesOut) {
  EXPECT_EQ(Said(Changed("need: NEED_NONE",
                         "need: NEED_NONE exempt_as: \"hipaa-phi\"")),
            "taken");
}

TEST(PolicyTest, ANoticeIsNamedOnceByVersion) {
  const std::string good = Good();

  EXPECT_EQ(Said(absl::StrCat(good, good.substr(good.find("notice {")))),
            "p.textproto:32: notice.version: want one that the notice has "
            "once, got share-sleep 3 twice");
}

// The policy of kMaxPurposes + `more` purposes.
std::string ManyPurposes(int more) {
  std::string text = Good();
  text.resize(text.find("purpose {"));
  for (int i = 0; i < kMaxPurposes + more; ++i) {
    absl::StrAppend(&text, "purpose { id: \"p-", i,
                    "\" title: \"t\" action: ACTION_USE category: "
                    "HEALTH_CATEGORY_CONDITIONS need: NEED_NONE }\n");
  }
  return text;
}

TEST(PolicyTest, TenThousandPurposesAreTakenAndNoMore) {
  const absl::StatusOr<Policy> policy = Parsed(ManyPurposes(0));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->NumberOf("p-9999"), kMaxPurposes);

  EXPECT_TRUE(absl::EndsWith(Said(ManyPurposes(1)),
                             "purpose: want at most 10000, got 10001"));
}

}  // namespace
}  // namespace subrosa
