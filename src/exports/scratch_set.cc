#include "src/exports/scratch_set.h"

#include <unistd.h>

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/age_file.h"
#include "src/exports/opened_archive.h"
#include "src/recipients/scratch_recipient.h"
#include "src/steward/sharing.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {

ScratchSet::ScratchSet()
    : identity_(X25519Identity::Generate().value()),
      path_(home_.folder() + ".set") {
  v1::Recipient desk = With(ScratchThirdParty(),
                            "purpose: 'mood-tracking' category_allowed: ["
                            " HEALTH_CATEGORY_PRECISE_LOCATION,"
                            " HEALTH_CATEGORY_SEEKING_SERVICES ]");
  desk.set_age_recipient(identity_.recipient().ToString());
  v1::Recipient keyless = With(desk, "id: 'keyless'");
  keyless.clear_age_recipient();
  const auto put = home_.steward().Recipients().Put(
      {desk, keyless, With(desk, "id: 'institute'")},
      CivilDayOf(DayOf(home_.clock().Now())));
  EXPECT_TRUE(put.ok()) << put.status();
}

ScratchSet::~ScratchSet() { unlink(path_.c_str()); }

void ScratchSet::PutTwelve() {
  std::vector<v1::HealthRecord> records;
  for (int i = 0; i < 12; ++i) {
    v1::MoodCheckIn mood;
    mood.set_score(i % 10 + 1);
    mood.set_note("slept badly");
    records.push_back(RecordOf(absl::StrCat("account-", i), "r-1", mood));
  }
  home_.Put(records);
}

SetTerms ScratchSet::Terms() {
  SetTerms terms;
  terms.recipient = "coach-desk";
  terms.purpose = "mood-tracking";
  terms.attested = {"measures", "commitment", "contract",
                    "no-actual-knowledge"};
  terms.attested_by = "the privacy officer";
  return terms;
}

absl::StatusOr<DeidentifiedSet> ScratchSet::Write(const SetTerms& terms) {
  unlink(path_.c_str());
  return WriteDeidentifiedSet(home_.steward(), terms, path_);
}

ScratchSet::Files ScratchSet::FilesOf(const SetTerms& terms) {
  const auto written = Write(terms);
  EXPECT_TRUE(written.ok()) << written.status();
  if (!written.ok()) return {};
  const std::string plain = path_ + ".plain";
  EXPECT_TRUE(AgeDecryptFile(path_, {&identity_}, {}, plain).ok());
  const std::string opened = ReadFile(plain, 64 << 20).value();
  unlink(plain.c_str());
  return OpenedArchive(opened);
}

std::map<std::string, std::set<std::string>> ScratchSet::YearsOf(
    absl::string_view lines) {
  std::map<std::string, std::set<std::string>> years;
  for (const auto line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    const auto json = nlohmann::json::parse(line);
    years[json["consumer"]].insert(std::string(json["when"]));
  }
  return years;
}

int64_t ScratchSet::DisclosuresOf(const std::string& consumer) {
  const auto sharing = home_.steward().OpenSharing().value();
  const auto received = sharing->ledger().ReadRecipients(consumer);
  EXPECT_TRUE(received.ok()) << received.status();
  int64_t count = 0;
  for (const ReceivedByOne& each : *received) count += each.disclosures;
  return count;
}

}  // namespace subrosa
