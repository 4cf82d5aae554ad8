#include "src/steward/kind_reader.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/steward/scratch_home.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

std::unique_ptr<KindReader> NewReader(bool reads_health_words) {
  return std::move(KindReader::Create(
                       *google::protobuf::DescriptorPool::generated_pool(),
                       reads_health_words))
      .value();
}

KindReader& WordReader() {
  static KindReader* const reader = NewReader(true).release();
  return *reader;
}

v1::HealthRecord Journal(const std::string& text) {
  v1::JournalEntry entry;
  entry.set_text(text);
  return RecordOf("ada", "1", entry);
}

RecordKinds KindsOf(const v1::HealthRecord& record) {
  const auto kinds = WordReader().KindsOf(record);
  EXPECT_TRUE(kinds.ok()) << kinds.status();
  return kinds.value_or(RecordKinds());
}

CategorySet AllOf(const RecordKinds& kinds) {
  return CategorySet::FromBits(kinds.categories);
}
CategorySet ByWordsAlone(const RecordKinds& kinds) {
  return CategorySet::FromBits(ToldCategories(kinds));
}
CategorySet OfSomebodyElse(const RecordKinds& kinds) {
  return CategorySet::FromBits(OthersCategories(kinds));
}

TEST(KindReaderTest, AJournalCountsAsWhatItSaysAndThatIsKeptApart) {
  const RecordKinds kinds = KindsOf(Journal("I stopped my antidepressants"));

  EXPECT_TRUE(AllOf(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_TRUE(ByWordsAlone(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_FALSE(OfSomebodyElse(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_TRUE(LabelSet::FromBits(kinds.labels)
                  .Has(v1::HEALTH_LABEL_PSYCHOTROPIC_MEDICATION));
}

TEST(KindReaderTest, WhatAMarkSaysTooIsNotByWordsAlone) {
  const RecordKinds kinds = KindsOf(Journal("I am so depressed"));

  EXPECT_TRUE(AllOf(kinds).Has(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_FALSE(ByWordsAlone(kinds).Has(v1::HEALTH_CATEGORY_CONDITIONS));
}

TEST(KindReaderTest, ASistersMedicineIsSomebodyElses) {
  const RecordKinds kinds =
      KindsOf(Journal("my sister stopped her antidepressants"));

  EXPECT_TRUE(ByWordsAlone(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_TRUE(OfSomebodyElse(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
}

TEST(KindReaderTest, WhereTheConsumersOwnStandsBesideItIsTheirs) {
  const RecordKinds kinds = KindsOf(Journal(
      "My sister stopped her antidepressants. I still take my lithium."));

  EXPECT_TRUE(ByWordsAlone(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_FALSE(OfSomebodyElse(kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
}

TEST(KindReaderTest, TheClientOfACoachesNoteIsTheConsumer) {
  v1::HealthRecord note = Journal("the client stopped her antidepressants");
  EXPECT_TRUE(
      OfSomebodyElse(KindsOf(note)).Has(v1::HEALTH_CATEGORY_MEDICATION));

  note.mutable_provenance()->set_collection(v1::COLLECTION_PROVIDER);

  EXPECT_TRUE(AllOf(KindsOf(note)).Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_FALSE(
      OfSomebodyElse(KindsOf(note)).Has(v1::HEALTH_CATEGORY_MEDICATION));
}

TEST(KindReaderTest, APlanForTherapyIsAnInferenceOfTheConsumers) {
  v1::SubscriptionEvent event;
  event.set_plan("therapy-plus");
  const RecordKinds kinds = KindsOf(RecordOf("ada", "1", event));

  EXPECT_TRUE(ByWordsAlone(kinds).Has(v1::HEALTH_CATEGORY_INFERRED));
  EXPECT_TRUE(AllOf(kinds).Has(v1::HEALTH_CATEGORY_SEEKING_SERVICES));
  EXPECT_TRUE(OfSomebodyElse(kinds).empty());
}

TEST(KindReaderTest, AWeakHintIsToldAndDoesNotCount) {
  v1::ContentView view;
  view.set_content_id("gardening");
  v1::HealthRecord record = RecordOf("ada", "1", view);
  record.mutable_effective()->mutable_start()->set_seconds(2 * 3600);
  record.mutable_effective()->set_utc_offset_minutes(0);

  bool is_told = false;
  const auto findings = WordReader().Explain(record);
  ASSERT_TRUE(findings.ok()) << findings.status();
  for (const Finding& finding : *findings) {
    is_told |= finding.rule_id == "inference/night-use";
  }

  EXPECT_TRUE(is_told);
  EXPECT_FALSE(
      LabelSet::FromBits(KindsOf(record).labels).Has(v1::HEALTH_LABEL_SLEEP));
}

TEST(KindReaderTest, EverydayTextAddsNothing) {
  const RecordKinds plain = KindsOf(Journal("we planted beans"));

  EXPECT_EQ(plain.told, 0u);
  EXPECT_EQ(plain.categories, 1u << v1::HEALTH_CATEGORY_CONDITIONS);
}

TEST(KindReaderTest, WithoutTheSwitchWordsAreNotRead) {
  const std::unique_ptr<KindReader> reader = NewReader(false);
  const v1::HealthRecord record = Journal("I stopped my antidepressants");

  const auto kinds = reader->KindsOf(record);
  const auto findings = reader->Explain(record);

  ASSERT_TRUE(kinds.ok() && findings.ok());
  EXPECT_EQ(kinds->told, 0u);
  EXPECT_FALSE(AllOf(*kinds).Has(v1::HEALTH_CATEGORY_MEDICATION));
  for (const Finding& finding : *findings) {
    EXPECT_NE(finding.basis, FindingBasis::kLanguage);
  }
}

TEST(KindReaderTest, TheFindingsSayWhatTheKindsDoAndOnWhatTheyRest) {
  const v1::HealthRecord record =
      Journal("my sister stopped her antidepressants");

  const auto findings = WordReader().Explain(record);

  ASSERT_TRUE(findings.ok()) << findings.status();
  const Finding* told = nullptr;
  for (const Finding& finding : *findings) {
    if (finding.basis == FindingBasis::kLanguage) told = &finding;
  }
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->category, v1::HEALTH_CATEGORY_MEDICATION);
  EXPECT_EQ(told->clause, "RCW 19.373.010(8)(b)(iv)");
  EXPECT_TRUE(absl::StrContains(told->reason, "whose: family"));
  EXPECT_LT(told->score, 1);
}

TEST(KindReaderTest, WhatIsNoRecordIsRefused) {
  v1::HealthRecord record = Journal("calm");
  record.mutable_payload()->mutable_value()->append("\x0a\x7f");

  EXPECT_TRUE(absl::IsInvalidArgument(WordReader().KindsOf(record).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(WordReader().Explain(record).status()));
}

TEST(KindReaderTest, ManyThreadsGetTheSameAnswers) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&count] {
      const v1::HealthRecord record = Journal("I stopped my antidepressants");
      for (int i = 0; i < 200; ++i) {
        const auto kinds = WordReader().KindsOf(record);
        if (!kinds.ok() ||
            !ByWordsAlone(*kinds).Has(v1::HEALTH_CATEGORY_MEDICATION)) {
          ++count;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace subrosa
