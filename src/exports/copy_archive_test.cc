#include "src/exports/copy_archive.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/crypto/sha256.h"
#include "src/crypto/signed_note.h"
#include "src/exports/opened_archive.h"
#include "src/steward/scratch_home.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;

using Files = std::map<std::string, std::string>;

v1::MoodCheckIn CheckIn(int score, const std::string& note) {
  v1::MoodCheckIn check_in;
  check_in.set_score(score);
  check_in.set_note(note);
  return check_in;
}

v1::JournalEntry Journal(const std::string& text) {
  v1::JournalEntry entry;
  entry.set_text(text);
  return entry;
}

CopyTerms Terms(ScratchHome& home) {
  CopyTerms terms;
  terms.made_at = home.clock().Now();
  terms.sealed_to = "age1example";
  return terms;
}

Files CopyOf(ScratchHome& home, const std::string& consumer,
             const CopyTerms& terms, CopyArchive* copy = nullptr) {
  std::string bytes;
  StringSink sink(&bytes);
  const auto written = WriteCopyArchive(home.steward(), consumer, terms,
                                        testing::TempDir(), &sink);
  EXPECT_TRUE(written.ok()) << written.status();
  if (written.ok() && copy != nullptr) *copy = *written;
  return OpenedArchive(bytes);
}

TEST(CopyArchiveTest, EachTypeHasItsLinesAndItsTable) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(4, "calm")),
            RecordOf("ada", "2", CheckIn(6, "calmer")),
            RecordOf("ada", "3", Journal("a long day")),
            RecordOf("bo", "1", Journal("another's"))});

  for (const ArchiveForm form : {ArchiveForm::kZip, ArchiveForm::kTar}) {
    CopyTerms terms = Terms(home);
    terms.form = form;
    const Files files = CopyOf(home, "ada", terms);

    const std::string& lines = files.at("records/mood-check-in.ndjson");
    EXPECT_EQ(2, std::count(lines.begin(), lines.end(), '\n'));
    EXPECT_THAT(files.at("records/mood-check-in.csv"), HasSubstr("calmer"));
    const auto journal =
        nlohmann::json::parse(files.at("records/journal-entry.ndjson"));
    EXPECT_EQ("a long day", journal["content"]["text"]);
    for (const auto& [name, content] : files) {
      EXPECT_THAT(content, Not(HasSubstr("another's"))) << name;
    }
  }
}

TEST(CopyArchiveTest, ThePageSaysWhatIsHeldAndLoadsNothing) {
  ScratchHome home;
  home.Put({RecordOf("ada<b>", "1", CheckIn(4, "calm")),
            RecordOf("ada<b>", "2", CheckIn(6, "calmer"))});

  const std::string page = CopyOf(home, "ada<b>", Terms(home)).at("index.html");

  EXPECT_THAT(page, HasSubstr("ada&lt;b&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("ada<b>")));
  EXPECT_THAT(page, HasSubstr("mood check-in × 2 (5)"));
  EXPECT_THAT(page, HasSubstr("RCW 19.373.010(8)(b)(i)"));
  EXPECT_THAT(page, HasSubstr("No choice of yours is on record"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
}

TEST(CopyArchiveTest, WhatHasCodesIsThereInFormsOfOthersAndNoLinkLeadsNowhere) {
  ScratchHome home;
  v1::Condition condition;
  v1::Coding& coding = *condition.mutable_condition()->add_coding();
  coding.set_system("http://snomed.info/sct");
  coding.set_code("73211009");
  v1::VitalSample pulse;
  v1::Coding& loinc = *pulse.mutable_type()->add_coding();
  loinc.set_system("http://loinc.org");
  loinc.set_code("8867-4");
  pulse.mutable_value()->set_value(62);
  pulse.mutable_value()->set_unit("/min");
  home.Put({RecordOf("ada", "1", condition), RecordOf("ada", "2", pulse),
            RecordOf("ada", "3", CheckIn(4, "calm"))});

  for (const ArchiveForm form : {ArchiveForm::kZip, ArchiveForm::kTar}) {
    CopyTerms terms = Terms(home);
    terms.form = form;
    const Files files = CopyOf(home, "ada", terms);

    const auto bundle = nlohmann::json::parse(files.at("fhir-bundle.json"));
    EXPECT_EQ(3u, bundle["entry"].size());  // The patient, and two.
    EXPECT_THAT(files.at("fhir-bundle.json"), HasSubstr("73211009"));
    EXPECT_THAT(files.at("open-mhealth.ndjson"), HasSubstr("heart-rate"));
    absl::string_view page = files.at("index.html");
    EXPECT_THAT(std::string(page), HasSubstr("3 records"));
    constexpr absl::string_view kLink = "<a href=\"";
    int links = 0;
    for (size_t at = page.find(kLink); at != absl::string_view::npos;
         at = page.find(kLink)) {
      page.remove_prefix(at + kLink.size());
      const std::string target(page.substr(0, page.find('"')));
      if (target[0] == '#' || target.find(':') != std::string::npos) continue;
      EXPECT_EQ(1u, files.count(target)) << target;
      ++links;
    }
    EXPECT_GE(links, 10);
  }
}

TEST(CopyArchiveTest, TheManifestIsSignedAndNamesEveryFileAndItsRecipient) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(4, "calm"))});

  const Files files = CopyOf(home, "ada", Terms(home));
  const auto key = home.steward().ExportKey();
  ASSERT_TRUE(key.ok()) << key.status();
  const auto text = OpenNote(files.at("MANIFEST.txt"), {*key});

  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("sealed to age1example\n"));
  Sha256 sha256;
  for (const auto& [name, content] : files) {
    if (name == "MANIFEST.txt") continue;
    const auto digest = sha256.Digest({content});
    const std::string line = absl::StrCat(
        absl::BytesToHexString(absl::string_view(
            reinterpret_cast<const char*>(digest.data()), digest.size())),
        "  ", name, "\n");
    EXPECT_THAT(*text, HasSubstr(line));
  }
}

TEST(CopyArchiveTest, WhatIsNeverHandedOutIsInNoFile) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", Journal("my SSN is 219-09-9999"))});

  CopyArchive copy;
  const Files files = CopyOf(home, "ada", Terms(home), &copy);

  for (const auto& [name, content] : files) {
    EXPECT_THAT(content, Not(HasSubstr("219-09-9999"))) << name;
  }
  EXPECT_THAT(files.at("index.html"), HasSubstr("11 CCR 7024(d)"));
  int64_t times = 0;
  for (const WithheldItem& item : copy.withheld) times += item.times;
  EXPECT_EQ(1, times);
}

TEST(CopyArchiveTest, IdsThatHeldANumberOfAPersonNameNoResource) {
  ScratchHome home;
  v1::Condition condition;
  v1::Coding& coding = *condition.mutable_condition()->add_coding();
  coding.set_system("http://snomed.info/sct");
  coding.set_code("73211009");
  v1::Condition another = condition;
  another.set_clinical_status("resolved");
  home.Put({RecordOf("ada", "MRN 00482913", condition),
            RecordOf("ada", "MRN 00482914", another)});

  const Files files = CopyOf(home, "ada", Terms(home));

  for (const auto& [name, content] : files) {
    EXPECT_THAT(content, Not(HasSubstr("0048291"))) << name;
  }
  EXPECT_THAT(files.at("records/condition.ndjson"),
              HasSubstr("held, not handed out: medical identification"));
  const auto bundle = nlohmann::json::parse(files.at("fhir-bundle.json"));
  ASSERT_EQ(3u, bundle["entry"].size());
  EXPECT_NE(bundle["entry"][1]["fullUrl"], bundle["entry"][2]["fullUrl"]);
}

TEST(CopyArchiveTest, OneRecordOfADistantYearHidesNoChart) {
  ScratchHome home;
  std::vector<v1::HealthRecord> records;
  for (int i = 0; i < 3; ++i) {
    records.push_back(RecordOf("ada", absl::StrCat(i), CheckIn(4, "calm")));
  }
  records[1].mutable_effective()->mutable_start()->set_seconds(-2200000000);
  records[2].mutable_effective()->mutable_start()->set_seconds(7250000000);
  home.Put(records);

  const std::string page = CopyOf(home, "ada", Terms(home)).at("index.html");

  EXPECT_THAT(page, HasSubstr("records a month in 2026-06 (2 of other months "
                              "are in the files), at most 1"));
  EXPECT_THAT(page, HasSubstr("<details open><summary>2026-06"));
  EXPECT_THAT(page, HasSubstr("<details><summary>2199-09"));
}

TEST(CopyArchiveTest, OfMonthsToComeThereIsNoChart) {
  ScratchHome home;
  v1::HealthRecord record = RecordOf("ada", "1", CheckIn(4, "calm"));
  record.mutable_effective()->mutable_start()->set_seconds(7250000000);
  home.Put({record});

  const std::string page = CopyOf(home, "ada", Terms(home)).at("index.html");

  EXPECT_THAT(page, Not(HasSubstr("<svg")));
  EXPECT_THAT(page, HasSubstr("Records a month: all are of months to come"));
}

TEST(CopyArchiveTest, RecordsOfOtherDaysStayAndAreCounted) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(4, "calm"))});
  CopyTerms terms = Terms(home);
  terms.range.first_day = DayOf(home.clock().Now());

  CopyArchive copy;
  const Files files = CopyOf(home, "ada", terms, &copy);

  EXPECT_EQ(0, copy.records);
  EXPECT_EQ(1, copy.outside_range);
  EXPECT_THAT(files, Not(Contains(Key("records/mood-check-in.csv"))));
  EXPECT_THAT(files.at("index.html"),
              HasSubstr("1 other record is held of other days"));
}

TEST(CopyArchiveTest, OfSomebodyWhoIsNotKnownThereIsNone) {
  ScratchHome home;
  std::string bytes;
  StringSink sink(&bytes);

  EXPECT_TRUE(
      absl::IsNotFound(WriteCopyArchive(home.steward(), "nobody", Terms(home),
                                        testing::TempDir(), &sink)
                           .status()));
}

}  // namespace
}  // namespace subrosa
