// Measures the classifier on wire bytes of 1 KiB records, one core, against
// protobuf parsing the same bytes, in turns; and how long it takes to build it
// and everything else of the room. Values are medians.
//
// usage: classify_bench [--json] [--runs=31]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "src/classify/name_rules.h"
#include "src/classify/published_terms.h"
#include "src/classify/text_scanner.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/bench/bench_main.h"
#include "tests/bench/figures.h"

namespace subrosa {
namespace {

constexpr size_t kRecordBytes = 1024;

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "classify_bench: error: %s\n",
               std::string(what).c_str());
  std::exit(1);
}

// Fills `text` so that `message` takes `kRecordBytes` on the wire, more or
// less.
void PadTo(const google::protobuf::Message& message, std::string* text) {
  const size_t size = message.ByteSizeLong();
  if (size + 3 < kRecordBytes) text->assign(kRecordBytes - size - 3, 'x');
}

void AddCoding(const char* system, const char* code, const char* display,
               v1::CodedConcept* concept) {
  v1::Coding* coding = concept->add_coding();
  coding->set_system(system);
  coding->set_code(code);
  coding->set_display(display);
}

v1::FhirResource FhirCondition() {
  v1::FhirResource resource;
  resource.set_resource_type("Condition");
  resource.set_resource_id("5f1c2a7e-0000-4000-8000-000000000001");
  AddCoding("http://snomed.info/sct", "370143000", "a display of its own",
            resource.mutable_code());
  AddCoding("http://hl7.org/fhir/sid/icd-10-cm", "F33.1", "another display",
            resource.mutable_code());
  resource.set_status("active");
  PadTo(resource, resource.mutable_json());
  return resource;
}

// The most steps that a record of this size can take: far more items than any
// questionnaire has.
v1::Assessment EndlessAssessment() {
  v1::Assessment assessment;
  assessment.set_instrument(v1::INSTRUMENT_PHQ9);
  for (int i = 1; assessment.ByteSizeLong() < kRecordBytes; ++i) {
    v1::AssessmentItem* item = assessment.add_items();
    item->set_number(i % 9 + 1);
    item->set_answer(i % 4);
  }
  assessment.set_total(13);
  return assessment;
}

v1::TherapySession WrittenSession() {
  v1::TherapySession session;
  session.set_clinician_id("clinician-17");
  session.set_medium(v1::SESSION_MEDIUM_VIDEO);
  session.mutable_duration()->set_seconds(3000);
  AddCoding("http://hl7.org/fhir/sid/icd-10-cm", "F41.1", "a display",
            session.add_reasons());
  PadTo(session, session.mutable_note());
  return session;
}

v1::MoodCheckIn WrittenMood() {
  v1::MoodCheckIn mood;
  mood.set_score(4);
  for (const char* feeling : {"tired", "anxious", "hopeful"}) {
    mood.add_feelings(feeling);
  }
  mood.set_device_id("device-0001");
  PadTo(mood, mood.mutable_note());
  return mood;
}

struct Sample {
  const char* name;
  std::unique_ptr<google::protobuf::Message> message;  // Parsed into again.
  v1::HealthRecord record;
};

Sample MakeSample(const char* name, const google::protobuf::Message& payload) {
  Sample sample;
  sample.name = name;
  sample.message.reset(payload.New());
  sample.record.set_consumer("consumer-0001");
  sample.record.set_id("record-0001");
  sample.record.set_source("bench");
  sample.record.mutable_collected_at()->set_seconds(1700000000);
  sample.record.set_purpose("therapy");
  sample.record.set_basis(v1::BASIS_NECESSARY);
  sample.record.mutable_payload()->PackFrom(payload);
  return sample;
}

// Both ways over all of `samples`, in turns. `at_least` bounds the ratio of
// ours to theirs, in records a second.
Figure Against(const std::string& name, const Classifier& classifier,
               const std::vector<const Sample*>& samples, double at_least,
               int runs) {
  uint64_t labels = 0;
  const Comparison times = Compare(
      runs,
      [&] {
        for (const Sample* sample : samples) {
          const auto kinds = classifier.Classify(sample->record);
          if (!kinds.ok()) Fail(kinds.status().message());
          labels |= kinds->labels.bits();
        }
      },
      [&] {
        for (const Sample* sample : samples) {
          if (!sample->message->ParseFromString(
                  sample->record.payload().value())) {
            Fail("protobuf did not parse a sample");
          }
        }
      });
  if (labels == 0) Fail("no sample has a label");
  Figure figure;
  figure.name = absl::StrCat("marks and codes, ", name);
  figure.unit = "records/s";
  figure.value = samples.size() / times.seconds;
  figure.baseline = "ParseFromString";
  figure.baseline_value = samples.size() / times.baseline_seconds;
  figure.ratio = 1 / times.time_ratio;
  figure.goal = Goal::kAtLeast;
  figure.bound = at_least;
  return figure;
}

// The time from nothing to a classifier with the shipped code table.
Figure Building(std::unique_ptr<Classifier>* classifier, int runs) {
  Figure figure;
  figure.name = "building the classifier";
  figure.unit = "ms";
  figure.value = 1000 * SecondsOf(runs, [&] {
                   auto codes = CodeTable::BuiltIn();
                   if (!codes.ok()) Fail(codes.status().message());
                   auto made = Classifier::Create(*std::move(codes));
                   if (!made.ok()) Fail(made.status().message());
                   *classifier = *std::move(made);
                 });
  figure.goal = Goal::kAtMost;
  figure.bound = 50;
  return figure;
}

template <typename T>
void Require(const absl::StatusOr<T>& made) {
  if (!made.ok()) Fail(made.status().message());
}

// The same with everything that the room has built in.
Figure BuildingAll(int runs) {
  Figure figure;
  figure.name = "building all: codes, names, terms, text scanner";
  figure.unit = "ms";
  figure.value = 1000 * SecondsOf(runs, [] {
                   auto codes = CodeTable::BuiltIn();
                   Require(codes);
                   Require(Classifier::Create(*std::move(codes)));
                   Require(NameRules::BuiltIn());
                   Require(TermMap::BuiltIn());
                   Require(TextScanner::Create({}));
                 });
  figure.goal = Goal::kAtMost;
  figure.bound = 300;
  return figure;
}

void Run(int runs, bool json) {
  std::vector<Figure> figures;
  std::unique_ptr<Classifier> classifier;
  figures.push_back(Building(&classifier, runs));
  figures.push_back(BuildingAll(std::min(runs, 5)));

  const Sample usual[] = {
      MakeSample("FHIR condition, two codings", FhirCondition()),
      MakeSample("therapy session, one coding", WrittenSession()),
      MakeSample("mood check-in", WrittenMood()),
  };
  std::vector<const Sample*> all;
  for (const Sample& sample : usual) {
    figures.push_back(Against(sample.name, *classifier, {&sample}, 1, runs));
    all.push_back(&sample);
  }
  Figure together = Against("the three in turn", *classifier, all, 1, runs);
  figures.push_back(together);
  together.name += ", one core";
  together.baseline.clear();
  together.bound = 1500000;
  figures.push_back(together);

  const Sample worst =
      MakeSample("500 fields of one byte", EndlessAssessment());
  figures.push_back(Against(worst.name, *classifier, {&worst}, 0.8, runs));
  PrintFigures("classify", figures, json);
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::BenchMain(argc, argv, "classify_bench", 31, subrosa::Run);
}
