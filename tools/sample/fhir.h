// Fhir makes what the clinics behind the sample service would send: FHIR R4
// resources, one JSON object to a line, as bulk data has them. A person has one
// Patient, their Conditions and MedicationRequests, then Observations through
// the span: vital signs, laboratory values, PHQ-9 and GAD-7 totals.
//
// Resource number r of person c follows from (seed, c, r) and the span alone.
//
// Thread-safe once built.
#ifndef SUBROSA_TOOLS_SAMPLE_FHIR_H_
#define SUBROSA_TOOLS_SAMPLE_FHIR_H_

#include <cstdint>
#include <string>

#include "tools/sample/course.h"
#include "tools/sample/people.h"

namespace subrosa::sample {

class Fhir {
 public:
  // Each person has `records_per_consumer` (at least 1) resources.
  Fhir(const Span& span, uint32_t records_per_consumer);

  // The type of resource `index`: "Patient".
  static const char* TypeOf(const Persona& who, uint32_t index);

  // Appends resource `index` (below `records_per_consumer`) of `who`, and a
  // line feed.
  void AppendResource(const Persona& who, uint32_t index,
                      std::string* out) const;

  const People& people() const { return people_; }

 private:
  void AppendPatient(const Persona& who, std::string* out) const;
  void AppendObservation(const Persona& who, uint32_t index,
                         std::string* out) const;

  Span span_;
  People people_;
  Course course_;
  uint32_t records_per_consumer_;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_FHIR_H_
