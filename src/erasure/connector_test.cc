#include "src/erasure/connector.h"

#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/erasure/command_connector.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/sql_connector.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

const EraseMessage kAda = {
    "rosewater", "00112233445566778899aabbccddeeff", "ada", {}};

PartyReply Shell(const std::string& script,
                 absl::Duration timeout = absl::Seconds(60)) {
  return CommandRunner({"/bin/sh", "-c", script}, timeout).Tell(kAda);
}

std::string TestPath(const std::string& name) {
  return absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name(), name);
}

TEST(ConnectorTest, AMessageNamesTheConsumerOrWhatTheRecipientKnows) {
  EXPECT_EQ(EraseMessageJson(kAda),
            "{\"type\":\"erase\",\"entity\":\"rosewater\",\"erasure\":"
            "\"00112233445566778899aabbccddeeff\",\"consumer\":\"ada\"}");
  EXPECT_EQ(EraseMessageJson({"rosewater", "00", "", {"p1", "p2"}}),
            "{\"type\":\"erase\",\"entity\":\"rosewater\",\"erasure\":\"00\","
            "\"pseudonyms\":[\"p1\",\"p2\"]}");
  EXPECT_THAT(EraseMessageJson({"rosewater", "00", "a\xff\"b", {}}),
              HasSubstr("\\\"b\""));
}

TEST(CommandRunnerTest, TheExitCodeAnswers) {
  EXPECT_EQ(Shell("exit 0").answer, PartyAnswer::kDone);
  EXPECT_EQ(Shell("exit 10").answer, PartyAnswer::kAccepted);
  EXPECT_EQ(Shell("exit 11").answer, PartyAnswer::kRefused);
  for (const char* script : {"exit 1", "exit 9", "kill -9 $$"}) {
    const PartyReply reply = Shell(script);

    EXPECT_EQ(reply.answer, PartyAnswer::kSilent) << script;
    EXPECT_FALSE(reply.why.ok());
  }
}

TEST(CommandRunnerTest, TheProgramReadsWhomToEraseFromItsStandardInput) {
  EXPECT_EQ(Shell("grep -q '\"consumer\":\"ada\"'").answer, PartyAnswer::kDone);
  EXPECT_EQ(
      Shell("test -z \"$(tr '\\0' ' ' </proc/$$/cmdline | grep 'a[d]a')\"")
          .answer,
      PartyAnswer::kDone);
}

TEST(CommandRunnerTest, AProgramThatTakesNoNoticeOfItsInputDoesNoHarm) {
  EXPECT_EQ(Shell("exec <&-; exit 0").answer, PartyAnswer::kDone);
}

TEST(CommandRunnerTest, AProgramSeesNothingOfOurEnvironment) {
  setenv("SUBROSA_TEST_SECRET", "x", 1);

  EXPECT_EQ(Shell("test -z \"$SUBROSA_TEST_SECRET\"").answer,
            PartyAnswer::kDone);
}

TEST(CommandRunnerTest, AProgramThatHangsIsKilledWithWhatItStarted) {
  const PartyReply reply =
      Shell("sleep 1000 & sleep 1000", absl::Milliseconds(200));

  EXPECT_EQ(reply.answer, PartyAnswer::kSilent);
  EXPECT_TRUE(absl::IsUnavailable(reply.why));
}

TEST(CommandRunnerTest, AProgramThatIsNotThereIsSilent) {
  EXPECT_EQ(CommandRunner({"/no/such"}, absl::Seconds(1)).Tell(kAda).answer,
            PartyAnswer::kSilent);
}

class SqliteEraserTest : public testing::Test {
 protected:
  SqliteEraserTest() : path_(TestPath(".db")) {
    SqliteOptions options;
    options.create = true;
    database_ = OpenSqlite(path_, options).value();
    EXPECT_TRUE(database_
                    ->Execute("CREATE TABLE member(account TEXT, mail TEXT);"
                              "CREATE TABLE visit(account TEXT);"
                              "INSERT INTO member VALUES('ada', 'a@x'),"
                              " ('bo', 'b@x');"
                              "INSERT INTO visit VALUES('ada'), ('ada')")
                    .ok());
  }

  int64_t Count(const std::string& table) {
    const auto count =
        database_->Prepare(absl::StrCat("SELECT count(*) FROM ", table));
    EXPECT_TRUE((*count)->Step().value());
    return (*count)->ColumnInt(0);
  }

  std::string path_;
  std::unique_ptr<Connection> database_;
};

TEST_F(SqliteEraserTest, AllStatementsRunForTheOneConsumer) {
  SqliteEraser eraser(path_, {"DELETE FROM member WHERE account = $1",
                              "DELETE FROM visit WHERE account = $1"});

  EXPECT_EQ(eraser.Tell(kAda).answer, PartyAnswer::kDone);
  EXPECT_EQ(Count("member"), 1);
  EXPECT_EQ(Count("visit"), 0);
  EXPECT_EQ(eraser.Tell(kAda).answer, PartyAnswer::kDone);
}

TEST_F(SqliteEraserTest, IfOneFailsNothingIsDone) {
  SqliteEraser eraser(path_, {"DELETE FROM member WHERE account = $1",
                              "DELETE FROM no_table WHERE account = $1"});

  const PartyReply reply = eraser.Tell(kAda);

  EXPECT_EQ(reply.answer, PartyAnswer::kSilent);
  EXPECT_EQ(Count("member"), 2);
  EXPECT_THAT(std::string(reply.why.message()), Not(HasSubstr("ada")));
}

TEST_F(SqliteEraserTest, WhatHangsOnARowGoesWithIt) {
  ASSERT_TRUE(database_
                  ->Execute("CREATE TABLE person(account TEXT PRIMARY KEY);"
                            "CREATE TABLE note(account TEXT REFERENCES person"
                            " ON DELETE CASCADE);"
                            "INSERT INTO person VALUES('ada'), ('bo');"
                            "INSERT INTO note VALUES('ada'), ('ada'), ('bo')")
                  .ok());

  EXPECT_EQ(SqliteEraser(path_, {"DELETE FROM person WHERE account = $1"})
                .Tell(kAda)
                .answer,
            PartyAnswer::kDone);

  EXPECT_EQ(Count("person"), 1);
  EXPECT_EQ(Count("note"), 1);
}

TEST_F(SqliteEraserTest, ARowThatSomethingElseNeedsIsNotDone) {
  ASSERT_TRUE(database_
                  ->Execute("CREATE TABLE person(account TEXT PRIMARY KEY);"
                            "CREATE TABLE bill(account TEXT REFERENCES person);"
                            "INSERT INTO person VALUES('ada');"
                            "INSERT INTO bill VALUES('ada')")
                  .ok());

  EXPECT_EQ(SqliteEraser(path_, {"DELETE FROM person WHERE account = $1"})
                .Tell(kAda)
                .answer,
            PartyAnswer::kSilent);

  EXPECT_EQ(Count("person"), 1);
}

TEST_F(SqliteEraserTest, TheDatabaseStaysInTheJournalModeThatItHas) {
  for (const std::string mode : {"delete", "truncate", "persist", "wal"}) {
    ASSERT_TRUE(database_
                    ->Execute(absl::StrCat("PRAGMA journal_mode=", mode,
                                           "; DELETE FROM member;"
                                           "INSERT INTO member VALUES"
                                           "('ada', 'secret mail')"))
                    .ok());

    EXPECT_EQ(SqliteEraser(path_, {"DELETE FROM member WHERE account = $1"})
                  .Tell(kAda)
                  .answer,
              PartyAnswer::kDone)
        << mode;

    EXPECT_EQ(Count("member"), 0) << mode;
    const auto now = database_->Prepare("PRAGMA journal_mode");
    ASSERT_TRUE((*now)->Step().value());
    // That it is WAL rests in the file; the others are the connection's own.
    EXPECT_EQ((*now)->ColumnBytes(0), mode);
    const bool is_wal = ReadFile(path_, 1 << 20)->at(18) == 2;
    EXPECT_EQ(is_wal, mode == "wal") << mode;
    EXPECT_THAT(ReadFile(path_ + "-journal", 1 << 20).value_or(""),
                Not(HasSubstr("secret mail")))
        << mode;
  }
}

TEST_F(SqliteEraserTest, NoDatabaseIsMadeAndNoPseudonymTakenForAnAccount) {
  EXPECT_EQ(
      SqliteEraser(path_ + ".not", {"DELETE FROM member WHERE account=$1"})
          .Tell(kAda)
          .answer,
      PartyAnswer::kSilent);
  EXPECT_EQ(SqliteEraser(path_, {"DELETE FROM member WHERE account=$1"})
                .Tell({"rosewater", "00", "", {"ada"}})
                .answer,
            PartyAnswer::kSilent);
  EXPECT_EQ(Count("member"), 2);
}

TEST(OpenConnectorTest, AWebhooksSecretHasToBeThereAndPrivate) {
  const std::string folder = testing::TempDir();
  v1::Connector connector;
  connector.set_id("coach");
  connector.mutable_webhook()->set_url("https://coach.example/");
  connector.mutable_webhook()->set_secret_file("absent.secret");
  FixedClock clock(absl::UnixEpoch());

  EXPECT_TRUE(
      absl::IsNotFound(OpenConnector(connector, folder, clock).status()));

  connector.mutable_webhook()->set_secret_file("open.secret");
  ASSERT_TRUE(ReplaceFile(folder + "/open.secret", "s", 0644).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      OpenConnector(connector, folder, clock).status()));

  ASSERT_TRUE(ReplaceFile(folder + "/open.secret", "s", 0600).ok());
  EXPECT_TRUE(OpenConnector(connector, folder, clock).ok());
}

}  // namespace
}  // namespace subrosa
