#include "src/exports/deidentified_set.h"

#include <unistd.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/exports/scanner_recall.h"
#include "src/exports/scratch_set.h"
#include "src/steward/sharing.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;
constexpr char kMoods[] = "records/subrosa.v1.MoodCheckIn.ndjson";

class DeidentifiedSetTest : public testing::Test, protected ScratchSet {};

// Nobody here exists. 45 CFR 164.514(b)(2)(i)(A) to (R); biometrics and
// photographs have no text.
const std::vector<std::pair<std::string, std::string>>& Planted() {
  static const auto* const planted =
      new std::vector<std::pair<std::string, std::string>>{
          {"My name is Margaret Whitlock and I slept.", "Whitlock"},
          {"I moved to 415 Cedar Lane, Yakima, WA 98901 then.", "415 Cedar"},
          {"It began on March 5, 2024 after lunch.", "March 5"},
          {"Call (509) 555-0142 after six.", "555-0142"},
          {"Fax: (509) 555-0199 is the desk.", "555-0199"},
          {"Write to jo@post.example soon.", "jo@post"},
          {"SSN 219-09-9999 was on it.", "219-09-9999"},
          {"MRN: 00482913 on the band.", "00482913"},
          {"Member ID: RW88300211 on the card.", "RW88300211"},
          {"Account number: 4471982230 was charged.", "4471982230"},
          {"Driver's license: WDL8A2B3C4D5 was shown.", "WDL8A2B3C4D5"},
          {"VIN 1M8GDM9AXKP042788 was parked.", "1M8GDM9AXKP042788"},
          {"Serial number: SN48213377 of the pump.", "SN48213377"},
          {"See https://clinic.example/p/1182 for more.", "clinic.example"},
          {"It came from 203.0.113.77 at night.", "203.0.113.77"},
          {"Patient ID: p-10482 was called.", "p-10482"},
          {"She is 97 years old and well.", "97 years"},
      };
  return *planted;
}

// Covers: us-hipaa-safe-harbor/identifiers
TEST_F(DeidentifiedSetTest, APlantedIdentifierOfEachKindIsInNoFileOfASet) {
  std::vector<v1::HealthRecord> records;
  for (int i = 0; i < 12; ++i) {
    const std::string consumer = absl::StrCat("account-", i);
    int number = 0;
    for (const auto& [text, secret] : Planted()) {
      v1::JournalEntry entry;
      entry.set_text(text);
      records.push_back(
          RecordOf(consumer, absl::StrCat("record-", ++number), entry));
    }
    v1::LocationVisit visit;
    visit.set_latitude(47.60621);
    visit.set_longitude(-122.33207);
    visit.set_place_kind("clinic");
    records.push_back(RecordOf(consumer, "record-visit", visit));
    // What the record itself says of where it comes from.
    records.back().mutable_origin()->set_system("device-serial-8842");
    records.back().mutable_origin()->set_id("origin-7731");
  }
  home().Put(records);

  for (const SetForm form :
       {SetForm::kNdjson, SetForm::kCsv, SetForm::kProtobuf}) {
    SetTerms terms = Terms();
    terms.form = form;
    const Files files = FilesOf(terms);

    EXPECT_EQ(files.size(), 4u);
    for (const auto& [name, content] : files) {
      for (const auto& [text, secret] : Planted()) {
        EXPECT_THAT(content, Not(HasSubstr(secret))) << name;
      }
      for (const char* secret :
           {"account-", "record-", "8842", "7731", "47.6", "122.3"}) {
        if (name == "STATEMENT.json" || name == "MANIFEST.txt") continue;
        EXPECT_THAT(content, Not(HasSubstr(secret))) << name;
      }
    }
  }
}

TEST_F(DeidentifiedSetTest, JoiningWhatOthersKnowWithASetFindsNobodyAlone) {
  PutTwelve();
  // Somebody of whom it is known that they had begun two years before.
  v1::MoodCheckIn mood;
  mood.set_score(2);
  v1::HealthRecord early = RecordOf("early", "r-1", mood);
  early.mutable_collected_at()->set_seconds(1715000000);  // May 2024.
  home().Put({early, RecordOf("early", "r-2", mood)});

  SetTerms terms = Terms();
  const Files files = FilesOf(terms);

  std::map<std::set<std::string>, int> alike;
  for (const auto& [name, years] : YearsOf(files.at(kMoods))) ++alike[years];
  for (const auto& [years, consumers] : alike) EXPECT_GE(consumers, 11);
  EXPECT_EQ(alike.count({"2024", "2026"}), 0u);
  const auto evidence =
      nlohmann::json::parse(files.at("STATEMENT.json"))["evidence"];
  EXPECT_EQ(evidence["k_anonymity"], 12);
  EXPECT_EQ(evidence["consumers_left_out_of_small_groups"], 1);
  EXPECT_EQ(DisclosuresOf("early"), 0);
}

TEST_F(DeidentifiedSetTest, ASetOfPeopleWhoAllStandAloneIsNotWritten) {
  v1::MoodCheckIn mood;
  mood.set_score(2);
  home().Put({RecordOf("ada", "1", mood), RecordOf("luz", "1", mood)});

  EXPECT_TRUE(absl::IsPermissionDenied(Write(Terms()).status()));
  EXPECT_NE(access(path().c_str(), F_OK), 0);
  const auto plan = PlanDeidentifiedSet(home().steward(), Terms());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->groups.left_out, 2);
}

// Covers: ca-ccpa/deidentified, wa-mhmda/deidentified
// us-hipaa-safe-harbor/knowledge
TEST_F(DeidentifiedSetTest, WithoutItsAttestationsNothingIsWrittenOrDisclosed) {
  PutTwelve();
  for (size_t missing = 0; missing < 4; ++missing) {
    SetTerms terms = Terms();
    terms.attested.erase(terms.attested.begin() + static_cast<int>(missing));

    EXPECT_TRUE(absl::IsPermissionDenied(Write(terms).status()));
    EXPECT_NE(access(path().c_str(), F_OK), 0);
  }
  SetTerms nobody = Terms();
  nobody.attested_by.clear();
  EXPECT_TRUE(absl::IsInvalidArgument(Write(nobody).status()));
  EXPECT_EQ(DisclosuresOf("account-1"), 0);
}

TEST_F(DeidentifiedSetTest, TheSetSaysWhoAttestsAndHowMuchTheScannerFinds) {
  PutTwelve();

  const auto statement =
      nlohmann::json::parse(FilesOf(Terms()).at("STATEMENT.json"));

  EXPECT_EQ(statement["attestations"].size(), 4u);
  EXPECT_EQ(statement["attestations"][0]["by"], "the privacy officer");
  EXPECT_THAT(std::string(statement["claims"]), HasSubstr("nothing"));
  const ScannerRecall recall = ScannerRecall::BuiltIn().value();
  ASSERT_EQ(statement["texts"]["recall"].size(), recall.parts.size());
  for (size_t i = 0; i < recall.parts.size(); ++i) {
    EXPECT_NEAR(statement["texts"]["recall"][i]["recall"],
                recall.parts[i].Recall(), 0.0006);
  }
  EXPECT_THAT(std::string(statement["texts"]["meaning"]),
              HasSubstr("no Safe Harbor"));
  EXPECT_THAT(statement["evidence"]["does_not_tell"].dump(),
              HasSubstr("other sets that the recipient has"));
  EXPECT_EQ(statement["consumers"], 12);
  EXPECT_EQ(statement["records"]["subrosa.v1.MoodCheckIn"], 12);
}

TEST_F(DeidentifiedSetTest, EachConsumerWhoIsInItIsToldInTheirLedger) {
  PutTwelve();

  ASSERT_TRUE(Write(Terms()).ok());

  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(DisclosuresOf(absl::StrCat("account-", i)), 1);
  }
}

TEST_F(DeidentifiedSetTest, WhoObjectedToTheRecipientIsInNoSetOfIts) {
  PutTwelve();
  const auto sharing = home().steward().OpenSharing().value();
  ASSERT_TRUE(sharing->Revoke("account-3", "coach-desk", "").ok());

  const auto years = YearsOf(FilesOf(Terms()).at(kMoods));

  EXPECT_EQ(years.size(), 11u);
  EXPECT_EQ(DisclosuresOf("account-3"), 0);
}

TEST_F(DeidentifiedSetTest, ARecipientWithoutAKeyOrOffTheRecordGetsNone) {
  PutTwelve();
  SetTerms keyless = Terms();
  keyless.recipient = "keyless";
  SetTerms unknown = Terms();
  unknown.recipient = "nobody";
  SetTerms groupless = Terms();
  groupless.least_group = 0;

  EXPECT_TRUE(absl::IsFailedPrecondition(Write(keyless).status()));
  EXPECT_TRUE(absl::IsNotFound(Write(unknown).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Write(groupless).status()));
}

TEST_F(DeidentifiedSetTest,
       MovedDatesKeepTheirDistanceAndSayThatTheyAreNoHarbor) {
  std::vector<v1::HealthRecord> records;
  for (int i = 0; i < 12; ++i) {
    for (const int64_t day : {0, 10}) {
      v1::MoodCheckIn mood;
      mood.set_score(3);
      records.push_back(
          RecordOf(absl::StrCat("account-", i), absl::StrCat("r-", day), mood));
      records.back().mutable_collected_at()->set_seconds(1750000000 +
                                                         day * 86400);
    }
  }
  home().Put(records);
  SetTerms terms = Terms();
  terms.dates = DateRule::kShifted;

  const Files files = FilesOf(terms);

  std::set<std::string> firsts;
  for (const auto& [name, days] : YearsOf(files.at(kMoods))) {
    ASSERT_EQ(days.size(), 2u);
    absl::CivilDay first, second;
    ASSERT_TRUE(absl::ParseCivilTime(*days.begin(), &first));
    ASSERT_TRUE(absl::ParseCivilTime(*days.rbegin(), &second));
    EXPECT_EQ(second - first, 10);
    EXPECT_LT(first, absl::CivilDay(2025, 6, 15));
    firsts.insert(*days.begin());
  }
  EXPECT_GT(firsts.size(), 5u);  // Moved apart from one another.
  const auto statement = nlohmann::json::parse(files.at("STATEMENT.json"));
  EXPECT_THAT(std::string(statement["dates"]), HasSubstr("no Safe Harbor"));
  EXPECT_THAT(std::string(statement["dates"]), HasSubstr("the last one tells"));
}

TEST_F(DeidentifiedSetTest, ACompressedSetIsOneOfFilesThatZstdOpens) {
  PutTwelve();
  SetTerms terms = Terms();
  terms.is_compressed = true;

  const Files files = FilesOf(terms);

  EXPECT_EQ(files.at(absl::StrCat(kMoods, ".zst")).substr(0, 4),
            "\x28\xb5\x2f\xfd");
}

}  // namespace
}  // namespace subrosa
