#include "src/audit/log_survey.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/scratch_log.h"
#include "src/audit/sequencer.h"
#include "src/base/file.h"
#include "src/store/connection.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LogSurveyTest : public testing::Test {
 protected:
  void Take(const std::string& store, const std::vector<std::string>& entries) {
    log_.Commit(store, entries);
    const std::unique_ptr<Sequencer> sequencer = log_.Open();
    log_.TakeAll(*sequencer);
    EXPECT_TRUE(sequencer->Release().ok());
  }

  LogSurvey Survey(bool with_keyring = true) {
    LogSurveyParts parts;
    parts.keys = log_.Connect("keys");
    parts.records = log_.Connect("records");
    if (with_keyring) parts.provider = &log_.provider();
    parts.folder = log_.log_folder();
    return SurveyLog(parts);
  }

  static LogStanding StandingOf(const LogSurvey& survey, LogPart part) {
    return survey.parts[static_cast<size_t>(part)].standing;
  }

  // The parts that a home must not open with, each as "keys.db behind".
  static std::vector<std::string> Faults(const LogSurvey& survey) {
    std::vector<std::string> faults;
    for (const LogDisagreement& each : survey.disagreements) {
      faults.push_back(absl::StrCat(LogPartName(each.part), " ",
                                    LogStandingName(each.standing)));
    }
    return faults;
  }

  // Whoever opens the log is told the same.
  void ExpectOpens(bool opens) { EXPECT_EQ(log_.TryOpen().ok(), opens); }

  ScratchLog log_;
};

TEST_F(LogSurveyTest, PartsThatAgreeAreSaidToAndHowLongALogTheyKnow) {
  Take("keys", {"epoch", "key"});
  Take("records", {"put"});

  const LogSurvey survey = Survey();

  EXPECT_TRUE(survey.agrees());
  EXPECT_EQ(survey.log.size, 3u);
  EXPECT_EQ(survey.log.origin, ScratchLog::kOrigin);
  ASSERT_EQ(survey.keys.size(), 1u);
  ASSERT_EQ(survey.parts.size(), 4u);
  for (const SurveyedPart& part : survey.parts) {
    EXPECT_EQ(part.standing, LogStanding::kAgrees) << LogPartName(part.part);
    EXPECT_EQ(part.size, 3u) << LogPartName(part.part);
  }
}

TEST_F(LogSurveyTest, ANewLogAgreesBeforeAnythingIsInIt) {
  EXPECT_TRUE(Survey().agrees());
}

TEST_F(LogSurveyTest, EntriesThatWaitAreCountedAndAreNoDisagreement) {
  log_.Commit("keys", {"epoch"});
  log_.Commit("records", {"put", "put"});

  const LogSurvey survey = Survey();

  EXPECT_TRUE(survey.agrees());
  EXPECT_EQ(survey.keys_waiting, 1);
  EXPECT_EQ(survey.records_waiting, 2);
}

TEST_F(LogSurveyTest, WithoutAPassphraseTheKeyringIsLeftOut) {
  Take("keys", {"epoch"});

  const LogSurvey survey = Survey(/*with_keyring=*/false);

  EXPECT_TRUE(survey.agrees());
  EXPECT_EQ(StandingOf(survey, LogPart::kKeyring), LogStanding::kUnread);
}

TEST_F(LogSurveyTest, AnOlderKeyStoreIsBehindTheOthers) {
  Take("keys", {"epoch"});
  log_.Save("keys.db");
  Take("records", {"put"});
  log_.PutBack("keys.db");

  const LogSurvey survey = Survey();

  EXPECT_THAT(Faults(survey), ElementsAre("keys.db behind"));
  EXPECT_THAT(survey.disagreements[0].reason,
              HasSubstr("want a log of 2 leaves or more"));
  EXPECT_EQ(StandingOf(survey, LogPart::kFolder), LogStanding::kAhead);
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AnOlderRecordStoreIsBehindTheOthers) {
  Take("keys", {"epoch"});
  log_.Save("records.db");
  Take("records", {"put"});
  log_.PutBack("records.db");

  EXPECT_THAT(Faults(Survey()), ElementsAre("records.db behind"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AnOlderRecordStoreIsKnownByWhatTheKeyStoreHasSeen) {
  Take("keys", {"epoch"});
  log_.Save("records.db");
  log_.Commit("records", {"put"});
  log_.Commit("keys", {"destroyed"}, /*seen=*/1);
  log_.PutBack("records.db");

  const LogSurvey survey = Survey(/*with_keyring=*/false);

  EXPECT_THAT(Faults(survey), ElementsAre("records.db behind"));
  EXPECT_THAT(survey.disagreements[0].reason,
              HasSubstr("which the key store has seen"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AnOlderFolderIsBehindTheOthers) {
  Take("keys", {"epoch"});
  log_.Save("log");
  Take("records", {"put"});
  log_.PutBack("log");

  EXPECT_THAT(Faults(Survey()), ElementsAre("log behind"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, TheKeyringRemembersWhatAllOthersForgot) {
  for (const char* part : {"keys.db", "records.db", "log"}) log_.Save(part);
  Take("keys", {"epoch"});
  for (const char* part : {"keys.db", "records.db", "log"}) log_.PutBack(part);

  const LogSurvey survey = Survey();

  EXPECT_THAT(Faults(survey),
              ElementsAre("keys.db behind", "log behind", "records.db behind"));
  EXPECT_EQ(StandingOf(survey, LogPart::kKeyring), LogStanding::kAhead);
  EXPECT_TRUE(Survey(/*with_keyring=*/false).agrees());
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AKeyringWithoutTheLogsKeyIsForeign) {
  Take("keys", {"epoch"});
  log_.provider().Forget(log_.LogKeys().back().name);

  EXPECT_THAT(Faults(Survey()), ElementsAre("keyring foreign"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, ATileOfAnotherTreeIsDamage) {
  Take("keys", {"epoch"});
  ASSERT_TRUE(ReplaceFile(log_.log_folder() + "/tile/0/000.p/1",
                          std::string(32, 'x'), 0600)
                  .ok());

  EXPECT_THAT(Faults(Survey()), ElementsAre("log damaged"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AnotherLogsCheckpointIsForeign) {
  ASSERT_TRUE(ReplaceFile(log_.log_folder() + "/cosigned",
                          "other.example/audit\n0\n\n\xe2\x80\x94 a AAAA\n",
                          0600)
                  .ok());

  const LogSurvey survey = Survey();

  EXPECT_THAT(Faults(survey), ElementsAre("log foreign"));
  EXPECT_THAT(survey.disagreements[0].reason, HasSubstr("log/cosigned: want"));
}

TEST_F(LogSurveyTest, ARecordStoreThatKnowsAnotherLogIsForeign) {
  Take("keys", {"epoch"});
  const std::unique_ptr<Connection> records = log_.Connect("records");
  ASSERT_TRUE(
      records->Execute("UPDATE outbox_state SET log_root = zeroblob(32)").ok());

  EXPECT_THAT(Faults(Survey()), ElementsAre("records.db foreign"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AKeyStoreWhoseOwnCheckpointDiffersIsDamaged) {
  Take("keys", {"epoch"});
  const std::unique_ptr<Connection> keys = log_.Connect("keys");
  ASSERT_TRUE(keys->Execute("UPDATE log SET size = 0").ok());

  const std::vector<std::string> faults = Faults(Survey());

  EXPECT_THAT(faults, testing::Contains("keys.db damaged"));
  ExpectOpens(false);
}

TEST_F(LogSurveyTest, AKeyStoreWhoseOutboxKnowsAnotherLogIsDamaged) {
  Take("keys", {"epoch"});
  const std::unique_ptr<Connection> keys = log_.Connect("keys");
  ASSERT_TRUE(
      keys->Execute("UPDATE outbox_state SET log_root = zeroblob(32)").ok());

  EXPECT_THAT(Faults(Survey()), ElementsAre("keys.db damaged"));
}

TEST_F(LogSurveyTest, ADatabaseThatCannotBeReadIsNamedAndTheOthersAreRead) {
  Take("keys", {"epoch"});
  LogSurveyParts parts;
  parts.keys = absl::NotFoundError("/home/keys.db: No such file or directory");
  parts.records = log_.Connect("records");
  parts.folder = log_.log_folder();

  const LogSurvey survey = SurveyLog(parts);

  EXPECT_THAT(Faults(survey), ElementsAre("keys.db unread"));
  EXPECT_THAT(survey.disagreements[0].reason, HasSubstr("keys.db: No such"));
  EXPECT_EQ(survey.parts[1].size, 1u);
}

TEST_F(LogSurveyTest, WithoutItsRecordStoreTheRestIsStillRead) {
  Take("keys", {"epoch"});
  LogSurveyParts parts;
  parts.keys = log_.Connect("keys");
  parts.records = absl::NotFoundError("records.db: No such file");
  parts.folder = log_.log_folder();

  const LogSurvey survey = SurveyLog(parts);

  EXPECT_THAT(Faults(survey), ElementsAre("records.db unread"));
  EXPECT_EQ(survey.log.size, 1u);
}

}  // namespace
}  // namespace subrosa
