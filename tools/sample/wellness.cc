#include "tools/sample/wellness.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "tools/sample/moment.h"

namespace subrosa::sample {

using google::protobuf::Message;

namespace {

enum class Kind {
  kSleep,
  kVital,
  kMood,
  kJournal,
  kMeditation,
  kContentView,
  kCoaching,
  kTherapy,
  kCycle,
  kAssessment,
  kLocation,
  kSubscription,
  kMedication,
};

// How often a kind comes in 64 records. A step of 39, near the golden section
// of 64, spreads each kind evenly.
constexpr uint32_t kRhythm = 64;
constexpr uint32_t kStep = 39;
constexpr struct {
  Kind kind;
  uint32_t count;
} kShares[] = {
    {Kind::kSleep, 10},     {Kind::kVital, 10},     {Kind::kMood, 9},
    {Kind::kJournal, 8},    {Kind::kMeditation, 5}, {Kind::kContentView, 5},
    {Kind::kCoaching, 4},   {Kind::kTherapy, 3},    {Kind::kCycle, 3},
    {Kind::kAssessment, 4}, {Kind::kLocation, 1},   {Kind::kSubscription, 1},
    {Kind::kMedication, 1},
};

constexpr uint32_t SharesInAll() {
  uint32_t sum = 0;
  for (const auto& share : kShares) sum += share.count;
  return sum;
}
static_assert(SharesInAll() == kRhythm);

// For facts that several records share.
constexpr uint64_t kConsentStream = ~uint64_t{8};

Kind KindOf(uint32_t slot) {
  for (const auto& share : kShares) {
    if (slot < share.count) return share.kind;
    slot -= share.count;
  }
  return Kind::kMood;  // Not reached: the counts add up to kRhythm.
}

// What those without a therapist or a cycle calendar do instead.
Kind Instead(Kind kind, const Persona& who) {
  if (kind == Kind::kTherapy && !who.in_therapy) return Kind::kMeditation;
  if (kind == Kind::kCycle && !who.tracks_cycle) return Kind::kMood;
  return kind;
}

void AppendBytes(uint64_t bits, std::string* out) {
  for (int shift = 0; shift < 64; shift += 8) {
    out->push_back(static_cast<char>((bits >> shift) & 0xff));
  }
}

}  // namespace

Wellness::Wellness(const Span& span, uint32_t records_per_consumer,
                   size_t size_bytes)
    : span_(span),
      people_(span.seed, span.until_day),
      course_(span),
      records_per_consumer_(records_per_consumer),
      size_bytes_(size_bytes) {}

const Message& Wellness::Make(const Persona& who, uint32_t index,
                              v1::HealthRecord* record) {
  const int32_t day = course_.DayOfRecord(index, records_per_consumer_);
  Moment at{who,
            index,
            day,
            Random(span_.seed, who.number, index),
            Scene{&who, IsMinorOn(who, day), course_.MoodOn(who, day),
                  course_.AsleepMinutesOn(who, day)},
            record};
  // Emptied, not cleared away: its memory is used again.
  if (record->has_payload()) record->mutable_payload()->Clear();
  record->clear_consent_ref();
  record->mutable_consumer()->clear();
  AppendAccountId(who.number, record->mutable_consumer());

  const Message& payload = [&]() -> const Message& {
    if (size_bytes_ > 0) {
      return MakeSized(at,
                       size_bytes_ >= 1024 && who.in_therapy && index % 8 == 5);
    }
    if (index < 4) return MakeOpening(at);
    const uint32_t slot =
        (index * kStep + static_cast<uint32_t>(Mix(who.number) % kRhythm)) %
        kRhythm;
    switch (Instead(KindOf(slot), who)) {
      case Kind::kSleep:
        return MakeSleep(at);
      case Kind::kVital:
        return MakeVital(at);
      case Kind::kMood:
        return MakeMood(at);
      case Kind::kJournal:
        return MakeJournal(at);
      case Kind::kMeditation:
        return MakeMeditation(at);
      case Kind::kContentView:
        return MakeContentView(at);
      case Kind::kCoaching:
        return MakeCoaching(at);
      case Kind::kTherapy:
        return MakeTherapy(at);
      case Kind::kCycle:
        return MakeCycle(at);
      case Kind::kAssessment:
        return MakeAssessment(at);
      case Kind::kLocation:
        return MakeLocation(at);
      case Kind::kSubscription:
        return MakeSubscription(at, v1::SUBSCRIPTION_CHANGE_RENEWED);
      case Kind::kMedication:
        return MakeMedication(at, *who.mind, true);
    }
    return MakeMood(at);
  }();

  if (record->basis() == v1::BASIS_CONSENT) {
    // One consent for each purpose.
    uint64_t purpose = 0;
    for (const char letter : record->purpose()) {
      purpose = Mix(purpose + static_cast<unsigned char>(letter));
    }
    Random consent(span_.seed ^ kConsentStream, who.number, purpose);
    std::string* bytes = record->mutable_consent_ref();
    AppendBytes(consent.Next(), bytes);
    AppendBytes(consent.Next(), bytes);
  }
  return payload;
}

// The first records of a year: the plan, what is known already, and why one
// came.
const Message& Wellness::MakeOpening(Moment& at) {
  switch (at.index) {
    case 0:
      return MakeSubscription(at, at.who.place == Place::kAlone ||
                                          at.who.place == Place::kPayer ||
                                          at.who.place == Place::kGuardian
                                      ? v1::SUBSCRIPTION_CHANGE_STARTED
                                      : v1::SUBSCRIPTION_CHANGE_MEMBER_ADDED);
    case 1:
      return MakeCondition(at, *at.who.mind);
    case 2:
      return at.who.body != nullptr ? MakeCondition(at, *at.who.body)
                                    : MakeMedication(at, *at.who.mind, false);
    default:
      return at.who.body != nullptr ? MakeMedication(at, *at.who.body, false)
                                    : MakeAssessment(at);
  }
}

}  // namespace subrosa::sample
