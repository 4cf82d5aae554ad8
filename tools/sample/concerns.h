// What people of the samples live with: real codes for invented lives. Codes
// are facts of their systems (ICD-10-CM, SNOMED CT, RxNorm ingredients); the
// words around them are ours.
#ifndef SUBROSA_TOOLS_SAMPLE_CONCERNS_H_
#define SUBROSA_TOOLS_SAMPLE_CONCERNS_H_

#include <cstddef>

namespace subrosa::sample {

inline constexpr char kIcd10Cm[] = "http://hl7.org/fhir/sid/icd-10-cm";
inline constexpr char kSnomedCt[] = "http://snomed.info/sct";
inline constexpr char kRxNorm[] = "http://www.nlm.nih.gov/research/umls/rxnorm";
inline constexpr char kLoinc[] = "http://loinc.org";

struct Code {
  const char* code;
  const char* display;
};

struct Medicine {
  Code rxnorm;          // The ingredient.
  const char* text;     // "sertraline 50 mg tablet"
  const char* dosage;   // "one tablet in the morning"
  const char* changed;  // The dosage after a review.
};

// Something to read, and what reading it tells.
struct Article {
  const char* id;
  const char* topics[2];
};

// Who a concern may be given to; kWoman to women of 18 to 44.
enum class Suits { kAnyone, kAdult, kWoman };

struct Concern {
  Code icd10cm;
  Code snomed;
  const char* plain;  // As a person would say it: "panic attacks".
  Suits suits;
  int mood;  // Typical mood at the start, 0 to 1000.
  Medicine medicine;
  const char* symptoms[4];  // As nouns: "a tight chest".
  const char* program;      // Meditation program, a slug.
  Article articles[3];
};

inline constexpr size_t kMindConcerns = 9;
extern const Concern kMind[kMindConcerns];

inline constexpr size_t kBodyConcerns = 7;
extern const Concern kBody[kBodyConcerns];

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_CONCERNS_H_
