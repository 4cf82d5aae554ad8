// The wire form of a v1.HealthSample, written part by part into memory that is
// reused: a platform's export has millions of samples.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_WIRE_H_
#define SUBROSA_SRC_INGEST_SAMPLE_WIRE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A number or text with its unit; what is empty is not there.
struct SampleValue {
  absl::string_view number;  // As the source wrote it.
  absl::string_view ucum;    // The unit in UCUM, where we know it.
  absl::string_view unit;    // As the source wrote it.
};

// Parts may be given in any order; each of the single ones once.
class SampleWire {
 public:
  void Clear() { wire_.clear(); }

  void Type(absl::string_view system, absl::string_view code);
  void ValueCode(absl::string_view system, absl::string_view code);
  // A number that is none stays text: `given_value` alone.
  void Value(const SampleValue& value);
  void Part(absl::string_view name, const SampleValue& value);
  void TextPart(absl::string_view name, absl::string_view text);
  void SourceName(absl::string_view name);
  void SourceVersion(absl::string_view version);
  void Device(absl::string_view device);
  void Detail(absl::string_view key, absl::string_view value);
  void Raw(absl::string_view raw);

  // Puts the sample into `record`, in exchange for its payload, whose memory
  // serves for the next: clear this before.
  void MoveInto(v1::HealthRecord* record);

  size_t size() const { return wire_.size(); }

 private:
  void Coding(int field, absl::string_view system, absl::string_view code);
  void Quantity(int field, const SampleValue& value);

  std::string wire_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_WIRE_H_
