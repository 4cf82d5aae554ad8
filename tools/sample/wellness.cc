#include "tools/sample/wellness.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/sample/calendar.h"
#include "tools/sample/concerns.h"

namespace subrosa::sample {

using google::protobuf::Message;

// The record in the making.
struct Wellness::Moment {
  const Persona& who;
  uint32_t index;
  int32_t day;
  Random random;
  Scene scene;
  v1::HealthRecord* record;

  // Says where the record comes from, why it is held, and when it happened:
  // from `minute` of the local day for `minutes` (0: an instant).
  void Stamp(absl::string_view kind, absl::string_view source,
             absl::string_view purpose, v1::Basis basis,
             v1::Collection collection, int minute, int minutes);
};

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

void SetConcept(const Concern& concern, v1::CodedConcept* out) {
  out->Clear();
  v1::Coding* icd = out->add_coding();
  icd->set_system(kIcd10Cm);
  icd->set_code(concern.icd10cm.code);
  icd->set_display(concern.icd10cm.display);
  v1::Coding* snomed = out->add_coding();
  snomed->set_system(kSnomedCt);
  snomed->set_code(concern.snomed.code);
  snomed->set_display(concern.snomed.display);
  out->set_text(concern.plain);
}

void SetMinutes(int minutes, google::protobuf::Duration* out) {
  out->set_seconds(int64_t{minutes} * 60);
}

// "phone-4f2a91": the same for a consumer's whole year.
void SetDevice(absl::string_view kind, const Span& span, const Persona& who,
               std::string* out) {
  Random random(span.seed, who.number, kConsentStream - kind.size());
  *out =
      absl::StrCat(kind, "-", absl::Hex(random.Next() >> 40, absl::kZeroPad6));
}

absl::string_view AppOf(const Persona& who) {
  return who.uses_android ? "android-app" : "ios-app";
}

// Spreads `total` over `count` items of 0 to 3. Thoughts of self-harm (item 9
// of PHQ-9) stay rare: they begin where the rest is already high.
void SpreadOverItems(int total, int count, Random& random,
                     v1::Assessment* assessment) {
  int answers[9] = {0};
  const int usual = std::min(count, 8);
  int left = total;
  if (count == 9 && total >= 18 && random.Chance(60)) {
    answers[8] = total >= 25 ? 3 : 1;
    left -= answers[8];
  }
  answers[8] += std::max(0, left - usual * 3);
  left = std::min(left, usual * 3);
  while (left > 0) {
    int& answer = answers[random.Below(static_cast<uint32_t>(usual))];
    if (answer == 3) continue;
    ++answer;
    --left;
  }
  for (int i = 0; i < count; ++i) {
    v1::AssessmentItem* item = assessment->add_items();
    item->set_number(i + 1);
    item->set_answer(answers[i]);
  }
  assessment->set_total(total);
}

}  // namespace

void Wellness::Moment::Stamp(absl::string_view kind, absl::string_view source,
                             absl::string_view purpose, v1::Basis basis,
                             v1::Collection collection, int minute,
                             int minutes) {
  record->mutable_id()->clear();
  absl::StrAppend(record->mutable_id(), kind, "-", index);
  record->set_source(source.data(), source.size());
  record->set_purpose(purpose.data(), purpose.size());
  record->set_basis(basis);

  const int second = random.Between(0, 59);
  const int64_t start = PacificInstant(day, minute, second);
  v1::Effective* effective = record->mutable_effective();
  effective->Clear();
  effective->mutable_start()->set_seconds(start);
  if (minutes > 0) {
    effective->mutable_end()->set_seconds(start + int64_t{minutes} * 60);
  }
  effective->set_utc_offset_minutes(PacificOffsetMinutes(day));
  // Devices deliver a little later than people type.
  const int delay = collection == v1::COLLECTION_DEVICE
                        ? random.Between(60, 900)
                        : random.Between(0, 20);
  record->mutable_collected_at()->set_seconds(start + int64_t{minutes} * 60 +
                                              delay);
  v1::Provenance* provenance = record->mutable_provenance();
  provenance->set_collection(collection);
  provenance->set_application(source == "wearable"      ? "Rosewater Band 2.4"
                              : source == "care-portal" ? "Rosewater Care 5.1"
                              : source == "billing" ? "Rosewater Billing 3.0"
                              : who.uses_android    ? "Rosewater Android 7.2"
                                                    : "Rosewater iOS 7.2");
}

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

const Message& Wellness::MakeSleep(Moment& at) {
  const int asleep = at.scene.asleep_minutes;
  const int in_bed = asleep + at.random.Between(15, 60);
  const int rises = at.random.Around(360, 470);
  at.Stamp("sleep", "wearable", "sleep-coaching", v1::BASIS_CONSENT,
           v1::COLLECTION_DEVICE, rises - in_bed, in_bed);
  SetMinutes(asleep, sleep_.mutable_asleep());
  SetMinutes(asleep * at.random.Around(11, 24) / 100, sleep_.mutable_deep());
  SetMinutes(asleep * at.random.Around(16, 27) / 100, sleep_.mutable_rem());
  sleep_.set_awakenings(std::max(0, (in_bed - asleep) / 12));
  if (at.random.Chance(70)) {
    sleep_.set_quality(std::clamp((asleep - 240) / 55, 1, 5));
  } else {
    sleep_.clear_quality();
  }
  return sleep_;
}

const Message& Wellness::MakeVital(Moment& at) {
  const Vital which = static_cast<Vital>(at.random.Below(kVitals));
  const VitalFacts& facts = FactsOf(which);
  const int tenths = course_.VitalTenths(which, at.who, at.day, at.random);
  at.Stamp("vital", "wearable", "activity-insights", v1::BASIS_CONSENT,
           v1::COLLECTION_DEVICE, at.random.Between(400, 1320), 0);
  vital_.mutable_type()->Clear();
  v1::Coding* coding = vital_.mutable_type()->add_coding();
  coding->set_system(kLoinc);
  coding->set_code(facts.loinc.code);
  coding->set_display(facts.loinc.display);
  vital_.mutable_value()->set_value(tenths / 10.0);
  vital_.mutable_value()->set_unit(facts.unit);
  SetDevice("band", span_, at.who, vital_.mutable_device_id());
  return vital_;
}

const Message& Wellness::MakeMood(Moment& at) {
  at.Stamp("mood", AppOf(at.who), "self-reflection", v1::BASIS_CONSENT,
           v1::COLLECTION_CONSUMER, at.random.Between(480, 1380), 0);
  mood_.Clear();
  mood_.set_score(std::clamp(1 + at.scene.mood / 100, 1, 10));
  const int feelings = at.random.Between(1, 3);
  for (int i = 0; i < feelings; ++i) {
    const char* feeling = Feeling(at.scene.mood, at.random);
    const auto& said = mood_.feelings();
    if (std::find(said.begin(), said.end(), feeling) == said.end()) {
      mood_.add_feelings(feeling);
    }
  }
  if (at.random.Chance(40)) {
    AppendMoodNote(at.scene, at.random, mood_.mutable_note());
  }
  SetDevice("phone", span_, at.who, mood_.mutable_device_id());
  return mood_;
}

const Message& Wellness::MakeJournal(Moment& at) {
  at.Stamp("journal", AppOf(at.who), "self-reflection", v1::BASIS_CONSENT,
           v1::COLLECTION_CONSUMER, at.random.Between(1110, 1425), 0);
  journal_.set_title(JournalTitle(at.scene, at.random));
  journal_.set_prompt(JournalPrompt(at.random));
  journal_.mutable_text()->clear();
  const int sentences = at.random.Between(4, 8);
  AppendJournal(at.scene, sentences, at.random, journal_.mutable_text());
  return journal_;
}

const Message& Wellness::MakeSized(Moment& at, bool session) {
  // What is left once everything but the text is measured; 52 bytes for the
  // payload's type and the lengths around it, 18 for the consent to come.
  const auto text_bytes = [&](const Message& payload) {
    const bool consents = at.record->basis() == v1::BASIS_CONSENT;
    const size_t rest = at.record->ByteSizeLong() + payload.ByteSizeLong() +
                        52 + (consents ? 18 : 0);
    return std::max<size_t>(size_bytes_, rest + 32) - rest;
  };
  if (session) {
    MakeTherapy(at);
    session_.mutable_note()->clear();
    AppendSessionNoteOfSize(at.scene, text_bytes(session_), at.random,
                            session_.mutable_note());
    return session_;
  }
  MakeJournal(at);
  journal_.mutable_text()->clear();
  AppendJournalOfSize(at.scene, text_bytes(journal_), at.random,
                      journal_.mutable_text());
  return journal_;
}

const Message& Wellness::MakeMeditation(Moment& at) {
  static constexpr const char* kPrograms[] = {"morning-light", "three-breaths",
                                              "loving-kindness", "rain-sounds"};
  const int minutes = 5 * at.random.Between(1, 5);
  at.Stamp("meditation", AppOf(at.who), "guided-practice", v1::BASIS_NECESSARY,
           v1::COLLECTION_DEVICE, at.random.Between(380, 1350), minutes);
  const Concern& concern = at.who.body != nullptr && at.random.Chance(30)
                               ? *at.who.body
                               : *at.who.mind;
  meditation_.set_program(at.random.Chance(60) ? concern.program
                                               : at.random.Pick(kPrograms));
  SetMinutes(minutes, meditation_.mutable_duration());
  meditation_.set_completed(at.random.Chance(82));
  return meditation_;
}

const Message& Wellness::MakeContentView(Moment& at) {
  const Concern& concern = at.who.body != nullptr && at.random.Chance(35)
                               ? *at.who.body
                               : *at.who.mind;
  const Article& article = at.random.Pick(concern.articles);
  const int seconds = at.random.Between(12, 540);
  at.Stamp("view", AppOf(at.who), "personalization", v1::BASIS_CONSENT,
           v1::COLLECTION_DEVICE, at.random.Between(420, 1420), 0);
  view_.Clear();
  view_.set_content_id(article.id);
  for (const char* topic : article.topics) view_.add_topics(topic);
  view_.mutable_dwell()->set_seconds(seconds);
  if (at.random.Chance(25)) {
    view_.set_referrer(absl::StrCat("https://rosewater.example/mail?campaign=",
                                    article.topics[0], "-weekly"));
  }
  return view_;
}

const Message& Wellness::MakeCoaching(Moment& at) {
  const bool from_coach = at.random.Chance(50);
  at.Stamp("message", AppOf(at.who), "coaching", v1::BASIS_CONSENT,
           from_coach ? v1::COLLECTION_PROVIDER : v1::COLLECTION_CONSUMER,
           at.random.Between(510, 1290), 0);
  message_.Clear();
  message_.mutable_thread_id()->assign("t");
  AppendAccountId(at.who.number, message_.mutable_thread_id());
  message_.set_author(from_coach ? v1::AUTHOR_COACH : v1::AUTHOR_CONSUMER);
  if (from_coach) {
    AppendCoachMessage(at.scene, at.random, message_.mutable_text());
  } else {
    AppendConsumerMessage(at.scene, at.random, message_.mutable_text());
  }
  return message_;
}

const Message& Wellness::MakeTherapy(Moment& at) {
  at.Stamp("session", "care-portal", "therapy", v1::BASIS_NECESSARY,
           v1::COLLECTION_PROVIDER, 60 * at.random.Between(9, 17), 50);
  session_.set_clinician_id(
      absl::StrCat("clin-", 204 + at.who.therapist_number));
  const uint32_t medium = at.random.Below(100);
  session_.set_medium(medium < 65   ? v1::SESSION_MEDIUM_VIDEO
                      : medium < 80 ? v1::SESSION_MEDIUM_VOICE
                      : medium < 90 ? v1::SESSION_MEDIUM_TEXT
                                    : v1::SESSION_MEDIUM_IN_PERSON);
  SetMinutes(50, session_.mutable_duration());
  session_.clear_reasons();
  SetConcept(*at.who.mind, session_.add_reasons());
  session_.mutable_note()->clear();
  AppendSessionNote(at.scene, at.random, session_.mutable_note());
  return session_;
}

const Message& Wellness::MakeCycle(Moment& at) {
  static constexpr v1::Flow kFlows[] = {v1::FLOW_MEDIUM, v1::FLOW_HEAVY,
                                        v1::FLOW_MEDIUM, v1::FLOW_LIGHT,
                                        v1::FLOW_SPOTTING};
  static constexpr const char* kBleeding[] = {"cramps", "back-pain",
                                              "tiredness"};
  static constexpr const char* kBefore[] = {"bloating", "irritability",
                                            "tender-breasts", "cravings"};
  const int cycle_day = course_.CycleDayOn(at.who, at.day);
  at.Stamp("cycle", AppOf(at.who), "cycle-tracking", v1::BASIS_CONSENT,
           v1::COLLECTION_CONSUMER, at.random.Between(430, 1400), 0);
  cycle_.Clear();
  cycle_.set_flow(cycle_day < 5 ? kFlows[cycle_day] : v1::FLOW_NONE);
  if (cycle_day < 4) {
    cycle_.add_symptoms(at.random.Pick(kBleeding));
  } else if (cycle_day > at.who.cycle_length_days - 7) {
    cycle_.add_symptoms(at.random.Pick(kBefore));
  }
  if (at.scene.minor) return cycle_;
  if (at.random.Chance(30)) cycle_.set_sexual_activity(at.random.Chance(60));
  if (cycle_day > at.who.cycle_length_days - 3 && at.random.Chance(40)) {
    cycle_.set_pregnancy_test_positive(at.random.Chance(8));
  }
  return cycle_;
}

const Message& Wellness::MakeAssessment(Moment& at) {
  at.Stamp("assessment", AppOf(at.who),
           at.who.in_therapy ? "therapy" : "self-reflection", v1::BASIS_CONSENT,
           v1::COLLECTION_CONSUMER, at.random.Between(540, 1260), 0);
  assessment_.Clear();
  if (at.random.Chance(55)) {
    assessment_.set_instrument(v1::INSTRUMENT_PHQ9);
    SpreadOverItems(course_.PhqTotal(at.who, at.day, at.random), 9, at.random,
                    &assessment_);
  } else {
    assessment_.set_instrument(v1::INSTRUMENT_GAD7);
    SpreadOverItems(course_.GadTotal(at.who, at.day, at.random), 7, at.random,
                    &assessment_);
  }
  return assessment_;
}

const Message& Wellness::MakeLocation(Moment& at) {
  static constexpr const char* kPlaces[] = {
      "clinic", "pharmacy", "counseling-center", "gym", "hospital"};
  const int minutes = at.random.Between(8, 95);
  at.Stamp("visit", AppOf(at.who), "reminders", v1::BASIS_CONSENT,
           v1::COLLECTION_DEVICE, at.random.Between(490, 1140), minutes);
  // Within some three kilometers of the town's middle.
  const int north = at.random.Between(-27'000, 27'000);
  const int east = at.random.Between(-35'000, 35'000);
  visit_.set_latitude((at.who.town->latitude_e6 + north) / 1e6);
  visit_.set_longitude((at.who.town->longitude_e6 + east) / 1e6);
  visit_.set_accuracy_meters(at.random.Between(4, 65));
  visit_.set_place_kind(at.random.Pick(kPlaces));
  return visit_;
}

const Message& Wellness::MakeSubscription(Moment& at,
                                          v1::SubscriptionChange change) {
  at.Stamp("subscription", "billing", "billing", v1::BASIS_NECESSARY,
           v1::COLLECTION_CONSUMER, at.random.Between(480, 1200), 0);
  subscription_.set_change(change);
  subscription_.set_plan(at.who.plan);
  subscription_.set_sponsor(at.who.sponsor);
  subscription_.mutable_household_id()->clear();
  if (at.who.household != 0) {
    AppendHouseholdId(at.who.household, subscription_.mutable_household_id());
  }
  subscription_.set_age_band(AgeBandOn(at.who, at.day));
  return subscription_;
}

const Message& Wellness::MakeMedication(Moment& at, const Concern& concern,
                                        bool changed) {
  at.Stamp("medication", "care-portal", "medication-reminders",
           v1::BASIS_CONSENT,
           changed ? v1::COLLECTION_PROVIDER : v1::COLLECTION_CONSUMER,
           at.random.Between(480, 1200), 0);
  medication_.Clear();
  v1::Coding* coding = medication_.mutable_medicine()->add_coding();
  coding->set_system(kRxNorm);
  coding->set_code(concern.medicine.rxnorm.code);
  coding->set_display(concern.medicine.rxnorm.display);
  medication_.mutable_medicine()->set_text(concern.medicine.text);
  medication_.set_dosage(changed ? concern.medicine.changed
                                 : concern.medicine.dosage);
  SetConcept(concern, medication_.add_reasons());
  return medication_;
}

const Message& Wellness::MakeCondition(Moment& at, const Concern& concern) {
  at.Stamp("condition", "care-portal", "therapy", v1::BASIS_CONSENT,
           v1::COLLECTION_PROVIDER, at.random.Between(480, 1200), 0);
  SetConcept(concern, condition_.mutable_condition());
  condition_.set_clinical_status("active");
  condition_.set_note(
      absl::StrCat("By own account: ", at.random.Pick(concern.symptoms),
                   " for some months."));
  return condition_;
}

}  // namespace subrosa::sample
