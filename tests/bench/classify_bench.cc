// Measures the classifier on wire bytes of 1 KiB records, one core, against
// protobuf parsing the same bytes, in turns, so that both see the same machine.
// Values are medians of the runs; a ratio is the ratio of these medians.
//
// usage: classify_bench [--json] [--runs=9]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr size_t kRecordBytes = 1024;
constexpr int kCallsPerRun = 400000;

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "classify_bench: error: %s\n",
               std::string(what).c_str());
  std::exit(1);
}

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
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

struct Figure {
  std::string name, unit;
  double value = 0;
  std::string baseline_name;  // Empty for none.
  double baseline = 0, ratio = 0;
  const char* bound = "at_least";
  double goal = 0;

  bool Holds() const {
    const double judged = baseline_name.empty() ? value : ratio;
    return absl::string_view(bound) == "at_least" ? judged >= goal
                                                  : judged <= goal;
  }
};

void Print(const Figure& figure, bool json) {
  const std::string goal = absl::StrFormat("%g", figure.goal);
  if (!json) {
    std::printf("%-52s %12.4g %-10s", figure.name.c_str(), figure.value,
                figure.unit.c_str());
    if (!figure.baseline_name.empty()) {
      std::printf(" %s %.4g, ratio %.2f", figure.baseline_name.c_str(),
                  figure.baseline, figure.ratio);
    }
    std::printf(" (%s %s: %s)\n", figure.bound, goal.c_str(),
                figure.Holds() ? "holds" : "does not hold");
    return;
  }
  std::string baseline;
  if (!figure.baseline_name.empty()) {
    baseline = absl::StrFormat(
        "\"baseline\":{\"name\":\"%s\",\"value\":%.6g},\"ratio\":%.4g,",
        figure.baseline_name, figure.baseline, figure.ratio);
  }
  std::printf(
      "{\"room\":\"classify\",\"name\":\"%s\",\"unit\":\"%s\",\"value\":%.6g,"
      "%s\"%s\":%s,\"holds\":%s}\n",
      figure.name.c_str(), figure.unit.c_str(), figure.value, baseline.c_str(),
      figure.bound, goal.c_str(), figure.Holds() ? "true" : "false");
}

// Both ways over all of `samples`, in turns. Returns our figure.
Figure Compare(const std::string& name, const Classifier& classifier,
               const std::vector<const Sample*>& samples, double at_least,
               int runs, bool json) {
  std::vector<double> ours, theirs;
  const int calls = kCallsPerRun / static_cast<int>(samples.size());
  const double records = static_cast<double>(calls) * samples.size();
  for (int run = 0; run < runs; ++run) {
    uint64_t seen = 0;
    const double our_seconds = Seconds([&] {
      for (int i = 0; i < calls; ++i) {
        for (const Sample* sample : samples) {
          const auto kinds = classifier.Classify(sample->record);
          if (!kinds.ok()) Fail(kinds.status().message());
          seen |= kinds->labels.bits();
        }
      }
    });
    const double their_seconds = Seconds([&] {
      for (int i = 0; i < calls; ++i) {
        for (const Sample* sample : samples) {
          if (!sample->message->ParseFromString(
                  sample->record.payload().value())) {
            Fail("protobuf did not parse a sample");
          }
        }
      }
    });
    if (seen == 0) Fail("no sample has a label");
    ours.push_back(records / our_seconds);
    theirs.push_back(records / their_seconds);
  }
  Figure figure;
  figure.name = absl::StrCat("marks and codes, ", name);
  figure.unit = "records/s";
  figure.value = Median(ours);
  figure.baseline_name = "ParseFromString";
  figure.baseline = Median(theirs);
  figure.ratio = figure.value / figure.baseline;
  figure.goal = at_least;
  Print(figure, json);
  return figure;
}

// The same, judged too by the goal for 1 KiB records on one core.
void CompareAtGoal(const std::string& name, const Classifier& classifier,
                   const std::vector<const Sample*>& samples, int runs,
                   bool json) {
  Figure figure = Compare(name, classifier, samples, 1, runs, json);
  figure.name += ", one core";
  figure.baseline_name.clear();
  figure.goal = 1500000;
  Print(figure, json);
}

int Main(int runs, bool json) {
  std::vector<double> build_ms;
  std::unique_ptr<Classifier> classifier;
  for (int run = 0; run < runs; ++run) {
    build_ms.push_back(1000 * Seconds([&] {
                         auto codes = CodeTable::BuiltIn();
                         if (!codes.ok()) Fail(codes.status().message());
                         auto made = Classifier::Create(*std::move(codes));
                         if (!made.ok()) Fail(made.status().message());
                         classifier = *std::move(made);
                       }));
  }
  Figure build;
  build.name = "building the classifier";
  build.unit = "ms";
  build.value = Median(build_ms);
  build.bound = "at_most";
  build.goal = 50;
  Print(build, json);

  const Sample usual[] = {
      MakeSample("FHIR condition, two codings", FhirCondition()),
      MakeSample("therapy session, one coding", WrittenSession()),
      MakeSample("mood check-in", WrittenMood()),
  };
  std::vector<const Sample*> all;
  for (const Sample& sample : usual) {
    Compare(sample.name, *classifier, {&sample}, 1, runs, json);
    all.push_back(&sample);
  }
  CompareAtGoal("the three in turn", *classifier, all, runs, json);
  const Sample worst =
      MakeSample("500 fields of one byte", EndlessAssessment());
  Compare(worst.name, *classifier, {&worst}, 0.8, runs, json);
  return 0;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  bool json = false;
  int runs = 9;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (argument == "--json") {
      json = true;
    } else if (!absl::ConsumePrefix(&argument, "--runs=") ||
               !absl::SimpleAtoi(argument, &runs) || runs < 1) {
      std::fprintf(stderr, "usage: classify_bench [--json] [--runs=9]\n");
      return 2;
    }
  }
  return subrosa::Main(runs, json);
}
