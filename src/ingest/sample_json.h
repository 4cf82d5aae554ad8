// What the readers of health platforms' JSON share: one object parsed and
// checked, its members by kind, and a sample put into a record. Not for other
// headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_JSON_H_
#define SUBROSA_SRC_INGEST_SAMPLE_JSON_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/ingest/fhir_element.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {

// Parses `json`, one object, behind which kJsonPaddingBytes are readable. What
// is returned is valid until the parser's next use.
//
// INVALID_ARGUMENT, `line: want …, got …`, for anything else, for a key given
// twice at any depth, and for more than kMaxDepth levels.
absl::StatusOr<simdjson::dom::object> ParseSampleObject(
    absl::string_view json, simdjson::dom::parser* parser);

// INVALID_ARGUMENT, "`path`: want `want`, got `got`".
absl::Status WrongSample(absl::string_view path, absl::string_view want,
                         absl::string_view got);

// "none" or "something else", for what should be of one kind and is not.
absl::string_view GotInstead(simdjson::dom::object object,
                             absl::string_view key);

// The member `key` of `object`, which stands at `path`. INVALID_ARGUMENT,
// `path.key: want …, got …`, if there is none or it is of another kind.
absl::StatusOr<simdjson::dom::object> NeedObject(simdjson::dom::object object,
                                                 absl::string_view path,
                                                 absl::string_view key);
absl::StatusOr<absl::string_view> NeedText(simdjson::dom::object object,
                                           absl::string_view path,
                                           absl::string_view key);
absl::StatusOr<double> NeedNumber(simdjson::dom::object object,
                                  absl::string_view path,
                                  absl::string_view key);

// Puts `sample` and `raw`, the text it was read from, into `record` as its
// payload.
absl::Status SetSample(const v1::HealthSample& sample, absl::string_view raw,
                       v1::HealthRecord* record);

// Sets what was sampled: `code` of the platform `system`.
void SetSampleType(absl::string_view system, absl::string_view code,
                   v1::HealthSample* sample);

// `number` in `ucum`, which the source wrote as `given`.
void SetSampleQuantity(double number, absl::string_view ucum,
                       absl::string_view given, v1::Quantity* quantity);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_JSON_H_
