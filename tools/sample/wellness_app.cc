// What people do in the app: they write, answer, practice and read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "tools/sample/concerns.h"
#include "tools/sample/moment.h"
#include "tools/sample/prose.h"
#include "tools/sample/wellness.h"

namespace subrosa::sample {

using google::protobuf::Message;

namespace {

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
  SetDevice("phone", span_.seed, at.who, mood_.mutable_device_id());
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

}  // namespace subrosa::sample
