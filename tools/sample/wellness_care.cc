// What the band measures, the clinic writes and the billing system notes.
#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "tools/sample/concerns.h"
#include "tools/sample/course.h"
#include "tools/sample/moment.h"
#include "tools/sample/wellness.h"

namespace subrosa::sample {

using google::protobuf::Message;

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
  SetDevice("band", span_.seed, at.who, vital_.mutable_device_id());
  return vital_;
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

}  // namespace subrosa::sample
