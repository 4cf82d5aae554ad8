#include "src/recipients/recipient_registry.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/recipients/scratch_recipient.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kMonday(2026, 11, 23);

class RecipientRegistryTest : public testing::Test {
 protected:
  RecipientRegistryTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name(),
            ".db")),
        records_(Connect()),
        registry_(*records_, 1) {
    EXPECT_TRUE(Migrate(*records_, "recipients", {kRecipientMigration}).ok());
  }

  std::unique_ptr<Connection> Connect() const {
    SqliteOptions options;
    options.create = true;
    return std::move(OpenSqlite(path_, options)).value();
  }

  RecipientChange Put(const v1::Recipient& recipient, absl::CivilDay day) {
    return registry_.Put({recipient}, day).value().at(0);
  }

  std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    const auto all = registry_.ReadAll();
    EXPECT_TRUE(all.ok()) << all.status();
    for (const RecordedRecipient& each : *all)
      ids.push_back(each.recipient.id());
    return ids;
  }

  const std::string path_;
  const std::unique_ptr<Connection> records_;
  RecipientRegistry registry_;
};

TEST_F(RecipientRegistryTest, ARecipientIsFoundAsItWasRecorded) {
  EXPECT_EQ(RecipientChange::kAdded, Put(ScratchProcessor(), kMonday));

  const auto found = registry_.Find("cloud");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(ScratchProcessor().SerializeAsString(),
            found->recipient.SerializeAsString());
  EXPECT_EQ(1, found->version);
  EXPECT_EQ(kMonday, found->day);
}

TEST_F(RecipientRegistryTest, WhoWasNeverRecordedIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(registry_.Find("cloud").status()));
  EXPECT_TRUE(absl::IsNotFound(registry_.ReadHistory("cloud").status()));
  EXPECT_TRUE(
      absl::IsNotFound(registry_.End("cloud", kMonday, kMonday).status()));
  EXPECT_TRUE(Ids().empty());
}

TEST_F(RecipientRegistryTest, WhatIsReplacedStaysInTheHistory) {
  Put(ScratchProcessor(), kMonday);
  const v1::Recipient renamed = With(ScratchProcessor(), "name: 'Cloud'");
  EXPECT_EQ(RecipientChange::kReplaced, Put(renamed, kMonday + 1));

  const auto history = registry_.ReadHistory("cloud");
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(2u, history->size());
  EXPECT_EQ("Rose Cloud", (*history)[0].recipient.name());
  EXPECT_EQ("Cloud", (*history)[1].recipient.name());
  EXPECT_EQ(2, (*history)[1].version);
  EXPECT_EQ("Cloud", registry_.Find("cloud")->recipient.name());
}

TEST_F(RecipientRegistryTest, TheSameAgainAddsNoVersion) {
  Put(ScratchProcessor(), kMonday);
  const int64_t before = registry_.ReadChangeNumber().value();

  EXPECT_EQ(RecipientChange::kUnchanged, Put(ScratchProcessor(), kMonday + 1));
  EXPECT_EQ(1u, registry_.ReadHistory("cloud")->size());
  EXPECT_EQ(before, registry_.ReadChangeNumber().value());
}

TEST_F(RecipientRegistryTest, AnEndedRecipientStaysInTheList) {
  Put(ScratchProcessor(), kMonday);

  const auto change = registry_.End("cloud", kMonday + 7, kMonday + 1);

  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(RecipientChange::kReplaced, *change);
  EXPECT_EQ("2026-11-30", registry_.Find("cloud")->recipient.ended_on());
  EXPECT_EQ(std::vector<std::string>{"cloud"}, Ids());
  EXPECT_EQ(RecipientChange::kUnchanged,
            registry_.End("cloud", kMonday + 7, kMonday + 2).value());
}

TEST_F(RecipientRegistryTest, NewOnesComeLastWhateverTheyAreCalled) {
  Put(ScratchThirdParty(), kMonday);
  Put(ScratchProcessor(), kMonday);
  Put(With(ScratchThirdParty(), "name: 'New'"), kMonday);
  Put(With(ScratchProcessor(), "id: 'a-first'"), kMonday);

  EXPECT_EQ((std::vector<std::string>{"coach-desk", "cloud", "a-first"}),
            Ids());
}

TEST_F(RecipientRegistryTest, AnEarlierDayIsShownAsItWas) {
  Put(ScratchProcessor(), kMonday);
  Put(With(ScratchProcessor(), "name: 'Cloud'"), kMonday + 2);
  Put(ScratchThirdParty(), kMonday + 2);

  EXPECT_TRUE(registry_.ReadAllOn(kMonday - 1)->empty());
  const auto then = registry_.ReadAllOn(kMonday + 1);
  ASSERT_TRUE(then.ok()) << then.status();
  ASSERT_EQ(1u, then->size());
  EXPECT_EQ("Rose Cloud", (*then)[0].recipient.name());
  EXPECT_EQ(2u, registry_.ReadAllOn(kMonday + 2)->size());
}

TEST_F(RecipientRegistryTest, AClockThatWentBackRewritesNoHistory) {
  Put(ScratchProcessor(), kMonday);

  const absl::Status status =
      registry_
          .Put({ScratchThirdParty(), With(ScratchProcessor(), "name: 'Cloud'")},
               kMonday - 1)
          .status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(std::vector<std::string>{"cloud"}, Ids());  // Nothing half written.
  EXPECT_EQ(1u, registry_.ReadHistory("cloud")->size());
}

TEST_F(RecipientRegistryTest, APlanChangesNothing) {
  Put(ScratchProcessor(), kMonday);

  const auto plan = registry_.Plan({ScratchProcessor(), ScratchThirdParty(),
                                    With(ScratchProcessor(), "name: 'Cloud'")},
                                   kMonday);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ((std::vector<RecipientChange>{RecipientChange::kUnchanged,
                                          RecipientChange::kAdded,
                                          RecipientChange::kReplaced}),
            *plan);
  EXPECT_EQ(std::vector<std::string>{"cloud"}, Ids());
}

TEST_F(RecipientRegistryTest,
       ADeciderOfAnotherProcessSeesThatSomethingChanged) {
  const std::unique_ptr<Connection> other = Connect();
  RecipientRegistry reader(*other, 1);
  EXPECT_EQ(0, reader.ReadChangeNumber().value());

  Put(ScratchProcessor(), kMonday);
  const int64_t added = reader.ReadChangeNumber().value();
  EXPECT_GT(added, 0);
  registry_.End("cloud", kMonday, kMonday).value();
  EXPECT_GT(reader.ReadChangeNumber().value(), added);
}

TEST_F(RecipientRegistryTest, AnotherEntitysRecipientsAreItsOwn) {
  RecipientRegistry other(*records_, 2);
  Put(ScratchProcessor(), kMonday);

  EXPECT_TRUE(absl::IsNotFound(other.Find("cloud").status()));
  EXPECT_TRUE(other.ReadAll()->empty());
  EXPECT_EQ(RecipientChange::kAdded,
            other.Put({ScratchProcessor()}, kMonday).value()[0]);
}

TEST_F(RecipientRegistryTest, MoreThanDecisionsCanNumberAreRefused) {
  std::vector<v1::Recipient> many(kMaxRecipients, ScratchThirdParty());
  for (size_t i = 0; i < many.size(); ++i)
    many[i].set_id(absl::StrCat("r-", i));
  ASSERT_TRUE(registry_.Put(many, kMonday).ok());

  const absl::Status status =
      registry_.Put({ScratchProcessor()}, kMonday).status();

  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ(RecipientChange::kReplaced,
            Put(With(many[7], "name: 'Seven'"), kMonday));
  EXPECT_EQ(static_cast<size_t>(kMaxRecipients), Ids().size());
}

TEST_F(RecipientRegistryTest, ABodyThatIsNoRecipientIsDamage) {
  Put(ScratchProcessor(), kMonday);
  ASSERT_TRUE(records_->Execute("UPDATE recipient SET body = x'ff'").ok());

  EXPECT_TRUE(absl::IsDataLoss(registry_.Find("cloud").status()));
  EXPECT_TRUE(absl::IsDataLoss(registry_.ReadAll().status()));
  EXPECT_TRUE(
      absl::IsDataLoss(registry_.Put({ScratchProcessor()}, kMonday).status()));
}

}  // namespace
}  // namespace subrosa
