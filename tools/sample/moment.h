// Moment is one record of the sample service in the making, and what its makers
// share. A detail of wellness.h.
//
// Thread-compatible.
#ifndef SUBROSA_TOOLS_SAMPLE_MOMENT_H_
#define SUBROSA_TOOLS_SAMPLE_MOMENT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
#include "tools/sample/concerns.h"
#include "tools/sample/people.h"
#include "tools/sample/prose.h"
#include "tools/sample/random.h"

namespace subrosa::sample {

// The record in the making.
struct Moment {
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

// A concern in both code systems and in words.
void SetConcept(const Concern& concern, v1::CodedConcept* out);

void SetMinutes(int minutes, google::protobuf::Duration* out);

// "phone-4f2a91": the same in all of a consumer's records.
void SetDevice(absl::string_view kind, uint64_t seed, const Persona& who,
               std::string* out);

// The app that `who` uses, as a source.
absl::string_view AppOf(const Persona& who);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_MOMENT_H_
