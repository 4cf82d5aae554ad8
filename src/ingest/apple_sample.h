// An AppleSample maps one element of an Apple Health export to a record that
// carries a v1.HealthSample. It is the visitor of the export's XML.
//
// Thread-compatible. Its memory is reused from element to element.
#ifndef SUBROSA_SRC_INGEST_APPLE_SAMPLE_H_
#define SUBROSA_SRC_INGEST_APPLE_SAMPLE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/sample_wire.h"
#include "src/ingest/time_text.h"
#include "src/ingest/xml_items.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The code system of HealthKit's type identifiers and category values.
inline constexpr absl::string_view kHealthKit =
    "https://developer.apple.com/documentation/healthkit";

// "2024-05-01 08:00:00 +0200". Absent if `text` is anything else.
std::optional<TextTime> ParseAppleTime(absl::string_view text);

class AppleSample final : public XmlVisitor {
 public:
  // Each child of HealthData but the export's date is an item.
  bool Begins(int depth, const char* name,
              const char* const* attributes) override;
  void Start(const char* name, const char* const* attributes) override;
  void End(const char* name) override;
  void Text(absl::string_view /*text*/) override {}
  void Drop() override;
  void Left(const char* /*name*/) override {}

  // Puts the item that ended last into `record`: effective, collected_at (when
  // the source made it) and payload; `raw` are its bytes, which are kept with
  // it where it has parts that we do not take apart. INVALID_ARGUMENT,
  // `Record.startDate: want …, got …`, for a time that is none and for a sample
  // without a type; `record` is then unspecified.
  absl::Status Fill(absl::string_view raw, v1::HealthRecord* record);

  // The item's type: "HKQuantityTypeIdentifierHeartRate", "ActivitySummary".
  const std::string& type() const { return type_; }

  // Whether the document's first element was HealthData.
  bool is_health_data() const { return is_health_data_; }

  // Whether the item is of an element that we know, or was kept whole.
  bool is_known() const { return is_known_; }

 private:
  void TakeSample(const char* const* attributes);
  void TakeAttribute(absl::string_view name, absl::string_view value);
  void TakeOther(const char* const* attributes);
  void TakePart(absl::string_view name, const char* const* attributes);

  std::string element_;
  std::string type_;
  bool is_health_data_ = false;
  bool is_known_ = false;
  bool keeps_raw_ = false;
  int depth_ = 0;

  // Of the item's own attributes; the views end with Start.
  std::string number_;
  std::string unit_;
  std::string start_;
  std::string end_;
  std::string created_;
  absl::string_view created_name_;  // Its attribute.
  SampleWire wire_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_APPLE_SAMPLE_H_
