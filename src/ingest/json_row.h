// A JsonRow splits a flat JSON object into cells. Not for other headers: it
// draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_JSON_ROW_H_
#define SUBROSA_SRC_INGEST_JSON_ROW_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/ingest/json_scalar.h"

namespace subrosa {

class JsonRow {
 public:
  // Calls `take` for each key of `line` with its value, in their order, until
  // it returns an error. kJsonPaddingBytes are readable behind `line`. What
  // `take` gets is valid until the next call of Split.
  //
  // INVALID_ARGUMENT, `line: want …, got …` and no value, for what is no JSON
  // or no object; else what `take` returns.
  absl::Status Split(absl::string_view line,
                     absl::FunctionRef<absl::Status(absl::string_view key,
                                                    const JsonValue& value)>
                         take);

 private:
  simdjson::ondemand::parser parser_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_ROW_H_
