// AppleHealth makes the export.xml of one person's phone and watch: pulse,
// steps, sleep stages, mindful minutes, blood pressure, workouts, a cycle
// calendar where they keep one.
//
// Element number i of n follows from (seed, person, i, n) and the span alone.
//
// Thread-safe once built.
#ifndef SUBROSA_TOOLS_SAMPLE_APPLE_HEALTH_H_
#define SUBROSA_TOOLS_SAMPLE_APPLE_HEALTH_H_

#include <cstdint>
#include <string>

#include "tools/sample/course.h"
#include "tools/sample/people.h"

namespace subrosa::sample {

class AppleHealth {
 public:
  AppleHealth(const Span& span, const Persona& who);

  // What comes before the elements, and after.
  void AppendHead(std::string* out) const;
  static void AppendTail(std::string* out);

  // Appends element `index` of `count`, spread evenly over the span.
  void AppendElement(uint64_t index, uint64_t count, std::string* out) const;

  // How many elements make a file of about `bytes`: at least 1.
  uint64_t ElementsFor(uint64_t bytes) const;

 private:
  Span span_;
  Persona who_;
  Course course_;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_APPLE_HEALTH_H_
