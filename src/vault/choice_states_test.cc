#include "src/vault/choice_states.h"

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/record_store.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

constexpr char kEntity[] = "rosewater";

ConsumerHandle NewConsumer() {
  ConsumerHandle consumer;
  consumer.key_ref.version = 1;
  consumer.key =
      std::make_shared<const SecretKey>(std::move(SecretKey::Random()).value());
  return consumer;
}

TEST(ChoiceTagTest, NoTwoChoicesHaveATagInCommon) {
  std::set<Commitment> tags;
  for (int i = 0; i < 3; ++i) {
    const SecretKey secret = StableSecretOf(kEntity, NewConsumer()).value();
    for (uint64_t n = 1; n <= 20; ++n) tags.insert(ChoiceTagOf(secret, n));
  }

  EXPECT_EQ(tags.size(), 60u);
}

TEST(ChoiceTagTest, ATagIsThePrfOfTheNumberUnderTheStableSecret) {
  const SecretKey secret = StableSecretOf(kEntity, NewConsumer()).value();

  EXPECT_EQ(
      ChoiceTagOf(secret, 1),
      Prf(secret, "choice", {absl::string_view("\0\0\0\0\0\0\0\x01", 8)}));
}

TEST(ChoiceTagTest, ANewVersionOfTheKeyChangesNoTag) {
  const ConsumerHandle ada = NewConsumer();
  ConsumerHandle renewed = NewConsumer();
  renewed.key_ref.version = 2;
  renewed.carried = CarryStableSecret(kEntity, *StableSecretOf(kEntity, ada),
                                      renewed.key_ref, *renewed.key)
                        .value();

  EXPECT_EQ(ChoiceTagOf(*StableSecretOf(kEntity, ada), 7),
            ChoiceTagOf(*StableSecretOf(kEntity, renewed), 7));
}

class ChoiceStatesTest : public testing::Test {
 protected:
  ChoiceStatesTest() {
    SqliteOptions options;
    options.create = true;
    const std::string path =
        testing::TempDir() + "/" +
        testing::UnitTest::GetInstance()->current_test_info()->name() + ".db";
    records_ = std::move(RecordStore::Open(*OpenSqlite(path, options), kEntity,
                                           std::string(16, 'i')))
                   .value();
    states_ = std::make_unique<ChoiceStates>(*ChoiceStates::Open(*records_));
  }

  int64_t Count(const std::string& table) {
    auto count = records_->database().Prepare("SELECT count(*) FROM " + table);
    EXPECT_TRUE((*count)->Step().value());
    return (*count)->ColumnInt(0);
  }

  void AddChoice(int64_t row, const std::string& ref, int64_t previous) {
    const auto insert = records_->database().Prepare(
        "INSERT INTO choice(row, entity, consumer_ref, number, previous,"
        " sealed) VALUES($1, $2, $3, $1, $4, '')");
    (*insert)->BindInt(1, row);
    (*insert)->BindInt(2, records_->entity_number());
    (*insert)->BindBytes(3, ref);
    (*insert)->BindInt(4, previous);
    ASSERT_TRUE((*insert)->Run().ok());
  }

  const std::string ada_ = std::string(16, 'a');
  const std::string luz_ = std::string(16, 'l');
  std::unique_ptr<RecordStore> records_;
  std::unique_ptr<ChoiceStates> states_;
};

TEST_F(ChoiceStatesTest, OfWhoHasChosenNothingNothingIsKnown) {
  const ChoiceState state = states_->Read(ada_).value();

  EXPECT_EQ(state.choices, 0u);
  EXPECT_FALSE(state.ask_again);
  EXPECT_EQ(state.standing, "");
}

TEST_F(ChoiceStatesTest, AStateIsReadAsItWasWrittenLast) {
  ASSERT_TRUE(states_->Write(ada_, {1, false, "one"}).ok());
  ASSERT_TRUE(states_->Write(luz_, {7, false, "seven"}).ok());
  ASSERT_TRUE(states_->Write(ada_, {2, true, "two"}).ok());

  const ChoiceState state = states_->Read(ada_).value();
  EXPECT_EQ(state.choices, 2u);
  EXPECT_TRUE(state.ask_again);
  EXPECT_EQ(state.standing, "two");
  EXPECT_EQ(states_->Read(luz_)->standing, "seven");
}

TEST_F(ChoiceStatesTest, WhatIsRolledBackIsNotKnown) {
  {
    const Transaction undone = std::move(records_->Begin()).value();
    ASSERT_TRUE(states_->Write(ada_, {1, false, "one"}).ok());
  }

  EXPECT_EQ(states_->Read(ada_)->choices, 0u);
}

TEST_F(ChoiceStatesTest, AForgottenConsumerLeavesNoRow) {
  AddChoice(1, ada_, 0);
  AddChoice(2, luz_, 0);
  AddChoice(3, ada_, 1);
  ASSERT_TRUE(states_->Write(ada_, {2, false, "two", 3}).ok());
  ASSERT_TRUE(states_->Write(luz_, {1, false, "one", 2}).ok());
  for (const std::string& ref : {ada_, luz_}) {
    const auto insert = records_->database().Prepare(
        "INSERT INTO disclosure(entity, consumer_ref, number, recipient, day,"
        " sealed) VALUES($1, $2, 1, 'lab', 0, '')");
    (*insert)->BindInt(1, records_->entity_number());
    (*insert)->BindBytes(2, ref);
    ASSERT_TRUE((*insert)->Run().ok());
  }

  ASSERT_TRUE(ForgetChoices(*records_, {ada_}).ok());

  EXPECT_EQ(states_->Read(ada_)->choices, 0u);
  EXPECT_EQ(states_->Read(luz_)->choices, 1u);
  EXPECT_EQ(Count("choice"), 1);
  EXPECT_EQ(Count("disclosure"), 1);
}

TEST_F(ChoiceStatesTest,
       RowsThatNameEachOtherOrAnotherConsumersAreNotFollowed) {
  AddChoice(1, ada_, 3);
  AddChoice(2, luz_, 0);
  AddChoice(3, ada_, 1);
  AddChoice(4, ada_, 2);
  ASSERT_TRUE(states_->Write(ada_, {3, false, "three", 3}).ok());

  ASSERT_TRUE(ForgetChoices(*records_, {ada_}).ok());

  EXPECT_EQ(Count("choice"), 2) << "luz's, and one that nothing leads to";
}

}  // namespace
}  // namespace subrosa
