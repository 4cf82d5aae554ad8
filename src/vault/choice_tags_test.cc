#include "src/vault/choice_tags.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
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

ConsumerHandle NewConsumer(char ref) {
  ConsumerHandle consumer;
  consumer.data_ref = std::string(16, 'd');
  consumer.consumer_ref = std::string(16, ref);
  consumer.key_ref.version = 1;
  consumer.key =
      std::make_shared<const SecretKey>(std::move(SecretKey::Random()).value());
  return consumer;
}

// The same consumer under the next version of their key.
ConsumerHandle Renewed(const ConsumerHandle& consumer) {
  ConsumerHandle renewed = NewConsumer('?');
  renewed.consumer_ref = consumer.consumer_ref;
  renewed.key_ref = consumer.key_ref;
  ++renewed.key_ref.version;
  renewed.carried =
      CarryStableSecret(kEntity, *StableSecretOf(kEntity, consumer),
                        renewed.key_ref, *renewed.key)
          .value();
  return renewed;
}

class ChoiceTagsTest : public testing::Test {
 protected:
  ChoiceTagsTest() {
    SqliteOptions options;
    options.create = true;
    const std::string path =
        testing::TempDir() + "/" +
        testing::UnitTest::GetInstance()->current_test_info()->name() + ".db";
    records_ = std::move(RecordStore::Open(*OpenSqlite(path, options), kEntity,
                                           std::string(16, 'i')))
                   .value();
  }

  ChoiceTags Tags() { return ChoiceTags(kEntity, *records_); }

  absl::StatusOr<NumberedChoice> Choose(const ConsumerHandle& consumer) {
    Transaction transaction = std::move(records_->Begin()).value();
    auto choice = Tags().CountNext(consumer);
    if (choice.ok()) EXPECT_TRUE(transaction.Commit().ok());
    return choice;
  }

  ChoiceState StateOf(const ConsumerHandle& consumer) {
    return ReadChoiceState(records_->database(), records_->entity_number(),
                           consumer.consumer_ref)
        .value();
  }

  void Mark(const ConsumerHandle& consumer) {
    ChoiceState state = StateOf(consumer);
    state.ask_again = true;
    ASSERT_TRUE(WriteChoiceState(records_->database(),
                                 records_->entity_number(),
                                 consumer.consumer_ref, state)
                    .ok());
  }

  std::unique_ptr<RecordStore> records_;
};

TEST_F(ChoiceTagsTest, ChoicesAreCountedFromOneForEachConsumer) {
  const ConsumerHandle ada = NewConsumer('a');
  const ConsumerHandle luz = NewConsumer('l');

  EXPECT_EQ(Choose(ada)->number, 1u);
  EXPECT_EQ(Choose(ada)->number, 2u);
  EXPECT_EQ(Choose(luz)->number, 1u);
  EXPECT_EQ(StateOf(ada).choices, 2u);
}

TEST_F(ChoiceTagsTest, NoTwoChoicesHaveATagInCommon) {
  std::set<Commitment> tags;
  for (const char ref : {'a', 'l', 'u'}) {
    const ConsumerHandle consumer = NewConsumer(ref);
    for (int i = 0; i < 20; ++i) tags.insert(Choose(consumer)->tag);
  }

  EXPECT_EQ(tags.size(), 60u);
}

TEST_F(ChoiceTagsTest, ATagIsThePrfOfTheNumberUnderTheStableSecret) {
  const ConsumerHandle ada = NewConsumer('a');
  const SecretKey secret = StableSecretOf(kEntity, ada).value();

  const NumberedChoice choice = Choose(ada).value();

  EXPECT_EQ(choice.tag, Prf(secret, "choice",
                            {absl::string_view("\0\0\0\0\0\0\0\x01", 8)}));
}

TEST_F(ChoiceTagsTest, ANewVersionOfTheKeyChangesNoTag) {
  const ConsumerHandle ada = NewConsumer('a');
  const ConsumerHandle renewed = Renewed(ada);

  EXPECT_EQ(ChoiceTagOf(*StableSecretOf(kEntity, ada), 7),
            ChoiceTagOf(*StableSecretOf(kEntity, renewed), 7));
  EXPECT_EQ(Choose(ada)->number, 1u);
  EXPECT_EQ(Choose(renewed)->number, 2u);
}

TEST_F(ChoiceTagsTest, AChoiceThatIsRolledBackIsNotCounted) {
  const ConsumerHandle ada = NewConsumer('a');
  {
    const Transaction undone = std::move(records_->Begin()).value();
    ASSERT_TRUE(Tags().CountNext(ada).ok());
  }

  EXPECT_EQ(StateOf(ada).choices, 0u);
  EXPECT_EQ(Choose(ada)->number, 1u);
}

TEST_F(ChoiceTagsTest, ADamagedSecretCountsNothing) {
  ConsumerHandle ada = Renewed(NewConsumer('a'));
  ada.carried.back() ^= 1;

  EXPECT_TRUE(absl::IsDataLoss(Choose(ada).status()));
  EXPECT_EQ(StateOf(ada).choices, 0u);
}

TEST_F(ChoiceTagsTest, NobodyIsAskedAgainWithoutAReason) {
  const ConsumerHandle ada = NewConsumer('a');
  EXPECT_FALSE(*Tags().MustAskAgain(ada.consumer_ref));
  ASSERT_TRUE(Choose(ada).ok());

  EXPECT_FALSE(*Tags().MustAskAgain(ada.consumer_ref));
}

TEST_F(ChoiceTagsTest, WhoIsMarkedIsAskedAgainUntilTheyHaveAnswered) {
  const ConsumerHandle ada = NewConsumer('a');
  const ConsumerHandle luz = NewConsumer('l');
  ASSERT_TRUE(Choose(ada).ok());
  Mark(ada);
  Mark(luz);

  EXPECT_TRUE(*Tags().MustAskAgain(ada.consumer_ref));
  ASSERT_TRUE(Tags().Answered(ada.consumer_ref).ok());

  EXPECT_FALSE(*Tags().MustAskAgain(ada.consumer_ref));
  EXPECT_TRUE(*Tags().MustAskAgain(luz.consumer_ref));
  EXPECT_EQ(StateOf(ada).choices, 1u);
}

TEST_F(ChoiceTagsTest, OneMoreChoiceIsNoAnswerToAllThatIsAsked) {
  const ConsumerHandle ada = NewConsumer('a');
  Mark(ada);

  ASSERT_TRUE(Choose(ada).ok());

  EXPECT_TRUE(*Tags().MustAskAgain(ada.consumer_ref));
}

TEST_F(ChoiceTagsTest, OfAForgottenConsumerNothingIsKnown) {
  const ConsumerHandle ada = NewConsumer('a');
  const ConsumerHandle luz = NewConsumer('l');
  ASSERT_TRUE(Choose(ada).ok());
  ASSERT_TRUE(Choose(luz).ok());

  ASSERT_TRUE(ForgetChoices(records_->database(), records_->entity_number(),
                            ada.consumer_ref)
                  .ok());

  EXPECT_EQ(StateOf(ada).choices, 0u);
  EXPECT_EQ(StateOf(luz).choices, 1u);
}

}  // namespace
}  // namespace subrosa
