#include "tools/sample/wellness.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "tools/sample/calendar.h"
#include "tools/sample/course.h"
#include "tools/sample/people.h"

namespace subrosa::sample {
namespace {

using google::protobuf::Message;

const int32_t kUntil = DayOf(absl::CivilDay(2026, 6, 30));
constexpr uint32_t kRecords = 300;

// Calls `see` with every record of the first `consumers` people.
template <typename See>
void ForEachRecord(uint64_t consumers, const See& see) {
  Wellness wellness({/*seed=*/11, kUntil, /*days=*/365}, kRecords, 0);
  v1::HealthRecord record;
  for (uint64_t number = 1; number <= consumers; ++number) {
    const Persona who = wellness.people().Make(number);
    for (uint32_t index = 0; index < kRecords; ++index) {
      see(who, record, wellness.Make(who, index, &record));
    }
  }
}

template <typename T>
const T* As(const Message& payload) {
  return google::protobuf::DynamicCastToGenerated<T>(&payload);
}

std::string Bytes(const v1::HealthRecord& record, const Message& payload) {
  return absl::StrCat(record.SerializeAsString(), payload.SerializeAsString());
}

TEST(WellnessTest, ARecordIsTheSameWhateverWasMadeBefore) {
  const Span span{/*seed=*/3, kUntil, /*days=*/365};
  Wellness one(span, kRecords, 0);
  Wellness other(span, kRecords, 0);
  v1::HealthRecord record;
  std::map<uint32_t, std::string> forward;
  for (uint32_t i = 0; i < kRecords; ++i) {
    const Message& payload = one.Make(one.people().Make(7), i, &record);
    forward[i] = Bytes(record, payload);
  }

  for (uint32_t i = kRecords; i-- > 0;) {
    other.Make(other.people().Make(i + 20), i, &record);
    const Message& payload = other.Make(other.people().Make(7), i, &record);
    EXPECT_EQ(Bytes(record, payload), forward[i]) << "record " << i;
  }
}

TEST(WellnessTest, EveryRecordHasWhatTheDoorAsksFor) {
  std::set<std::string> ids;
  ForEachRecord(24, [&](const Persona&, const v1::HealthRecord& record,
                        const Message& payload) {
    EXPECT_FALSE(record.consumer().empty());
    EXPECT_FALSE(record.source().empty());
    EXPECT_FALSE(record.purpose().empty());
    EXPECT_NE(record.basis(), v1::BASIS_UNSPECIFIED);
    EXPECT_EQ(record.consent_ref().size(),
              record.basis() == v1::BASIS_CONSENT ? 16u : 0u);
    EXPECT_GT(payload.ByteSizeLong(), 0u);
    EXPECT_TRUE(ids.insert(absl::StrCat(record.consumer(), record.id())).second)
        << "id twice";
    EXPECT_LE(record.effective().start().seconds(),
              record.collected_at().seconds());
  });
}

TEST(WellnessTest, AllKindsOfPayloadOccurInAYear) {
  std::set<std::string> kinds;
  ForEachRecord(
      12, [&](const Persona&, const v1::HealthRecord&, const Message& payload) {
        kinds.insert(payload.GetDescriptor()->name());
      });

  EXPECT_EQ(kinds, (std::set<std::string>{
                       "Assessment", "CoachingMessage", "Condition",
                       "ContentView", "CycleEntry", "JournalEntry",
                       "LocationVisit", "MeditationSession", "Medication",
                       "MoodCheckIn", "SleepSession", "SubscriptionEvent",
                       "TherapySession", "VitalSample"}));
}

TEST(WellnessTest, LocalDaysStayInsideTheSpan) {
  ForEachRecord(6, [](const Persona&, const v1::HealthRecord& record,
                      const Message& payload) {
    const int64_t local = record.effective().start().seconds() +
                          record.effective().utc_offset_minutes() * 60;
    const bool night = As<v1::SleepSession>(payload) != nullptr;
    EXPECT_GE(local / 86400, kUntil - 364 - (night ? 1 : 0));
    EXPECT_LE(local / 86400, kUntil);
  });
}

TEST(WellnessTest, QuestionnairesAddUpAndFollowTheMood) {
  int64_t low_total = 0, low_count = 0, good_total = 0, good_count = 0;
  const Course course({/*seed=*/11, kUntil, /*days=*/365});
  ForEachRecord(60, [&](const Persona& who, const v1::HealthRecord& record,
                        const Message& payload) {
    const auto* assessment = As<v1::Assessment>(payload);
    if (assessment == nullptr) return;
    const bool phq = assessment->instrument() == v1::INSTRUMENT_PHQ9;
    ASSERT_EQ(assessment->items_size(), phq ? 9 : 7);
    int sum = 0;
    for (const auto& item : assessment->items()) {
      EXPECT_GE(item.answer(), 0);
      EXPECT_LE(item.answer(), 3);
      sum += item.answer();
    }
    EXPECT_EQ(sum, assessment->total());
    if (!phq) return;
    const int64_t local = record.effective().start().seconds() +
                          record.effective().utc_offset_minutes() * 60;
    const int mood = course.MoodOn(who, static_cast<int32_t>(local / 86400));
    (mood < 400 ? low_total : good_total) += sum;
    ++(mood < 400 ? low_count : good_count);
  });

  ASSERT_GT(low_count, 20);
  ASSERT_GT(good_count, 20);
  EXPECT_GT(low_total / low_count, good_total / good_count + 4);
}

TEST(WellnessTest, ATeenIsInTheGuardiansHouseholdAndHasNoSponsor) {
  int teens = 0;
  ForEachRecord(24, [&](const Persona& who, const v1::HealthRecord&,
                        const Message& payload) {
    const auto* event = As<v1::SubscriptionEvent>(payload);
    if (event == nullptr || who.place != Place::kTeen) return;
    ++teens;
    EXPECT_TRUE(event->age_band() == v1::AGE_BAND_13_TO_15);
    EXPECT_EQ(event->plan(), "family-plus");
    EXPECT_TRUE(event->sponsor().empty());
    std::string guardians;
    AppendHouseholdId(who.household, &guardians);
    EXPECT_EQ(event->household_id(), guardians);
  });

  EXPECT_GT(teens, 0);
}

TEST(WellnessTest, NothingOfSexOrPregnancyIsRecordedOfMinors) {
  ForEachRecord(60, [](const Persona& who, const v1::HealthRecord&,
                       const Message& payload) {
    const auto* entry = As<v1::CycleEntry>(payload);
    if (entry == nullptr || !IsMinorOn(who, kUntil)) return;
    EXPECT_FALSE(entry->has_sexual_activity());
    EXPECT_FALSE(entry->has_pregnancy_test_positive());
  });
}

// What somebody wrote in `payload`.
std::string TextIn(const Message& payload) {
  if (const auto* journal = As<v1::JournalEntry>(payload)) {
    return journal->text();
  }
  if (const auto* session = As<v1::TherapySession>(payload)) {
    return session->note();
  }
  if (const auto* message = As<v1::CoachingMessage>(payload)) {
    return message->text();
  }
  const auto* mood = As<v1::MoodCheckIn>(payload);
  return mood == nullptr ? "" : mood->note();
}

TEST(WellnessTest, EveryPhraseIsFilledIn) {
  int texts = 0;
  ForEachRecord(
      60, [&](const Persona&, const v1::HealthRecord&, const Message& payload) {
        const std::string text = TextIn(payload);
        if (text.empty()) return;
        ++texts;
        for (const char* wrong : {"{", "}", "  ", " .", "Dr. .", "%"}) {
          EXPECT_FALSE(absl::StrContains(text, wrong)) << text;
        }
      });

  EXPECT_GT(texts, 1000);
}

TEST(WellnessTest, SizedRecordsAreAboutAsLongAsAsked) {
  for (const size_t size : {320u, 1024u, 4096u, 200'000u}) {
    Wellness wellness({/*seed=*/2, kUntil, /*days=*/365}, 40, size);
    v1::HealthRecord record;
    for (uint32_t i = 0; i < 40; ++i) {
      const Message& payload =
          wellness.Make(wellness.people().Make(1 + i % 13), i, &record);
      record.mutable_payload()->PackFrom(payload);

      EXPECT_NEAR(static_cast<double>(record.ByteSizeLong()),
                  static_cast<double>(size), 16);
    }
  }
}

}  // namespace
}  // namespace subrosa::sample
