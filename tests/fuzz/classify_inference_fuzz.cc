// Bytes from strangers, as what is known of a consumer: the first byte says
// what kind, the rest is its value, and a list of places too.
//
// What must hold: any bytes are read; each finding is an inference, names a
// rule, a clause and what it is derived from, and has a score; and the same
// value tells the same twice. A list of places is read or refused.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/facility_list.h"
#include "src/classify/health_reader.h"
#include "src/classify/inference_reader.h"
#include "src/classify/inference_rules.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Readers {
  Readers()
      : health(std::move(HealthReader::Create()).value()),
        inference(std::move(InferenceReader::Create(
                                health, std::move(FacilityList::Parse(
                                                      "47.6\t-122.3\tclinic"))
                                            .value()))
                      .value()) {}

  HealthReader health;
  InferenceReader inference;
};

const Readers& TheReaders() {
  static const Readers* const readers = new Readers();
  return *readers;
}

void Run(uint8_t kind, absl::string_view value) {
  Signal signal;
  signal.kind =
      static_cast<SignalKind>(kind % (static_cast<int>(SignalKind::kHour) + 1));
  signal.field_path = "payload.x";
  signal.value = value;
  signal.hour = kind % 24;
  if (value.size() >= 2 * sizeof(double)) {
    std::memcpy(&signal.latitude, value.data(), sizeof(double));
    std::memcpy(&signal.longitude, value.data() + sizeof(double),
                sizeof(double));
  }
  const std::vector<Finding> findings = TheReaders().inference.Read(signal);
  for (const Finding& finding : findings) {
    Require(finding.basis == FindingBasis::kInference);
    Require(!finding.rule_id.empty() && !finding.clause.empty());
    Require(finding.score > 0 && finding.score <= 1);
    Require(absl::StrContains(finding.reason, "; derived from payload.x"));
  }
  Require(TheReaders().inference.Read(signal).size() == findings.size());
  const absl::StatusOr<FacilityList> places = FacilityList::Parse(value);
  Require(places.ok() || absl::IsInvalidArgument(places.status()));
  if (places.ok()) {
    const Facility* facility =
        places->Nearest(signal.latitude, signal.longitude, 200);
    Require(facility == nullptr || std::isfinite(facility->latitude));
  }
  TheReaders().inference.rules().SignalOfField(value);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  subrosa::Run(data[0], absl::string_view(
                            reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
