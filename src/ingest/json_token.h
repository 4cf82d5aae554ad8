// The tokens of a JSON text as simdjson passes over it. Not for other headers:
// it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_JSON_TOKEN_H_
#define SUBROSA_SRC_INGEST_JSON_TOKEN_H_

#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/ingest/json_scalar.h"

namespace subrosa {

// What simdjson says of a text that is no JSON, in our words.
absl::string_view NameOf(simdjson::error_code error);

// `token` without the white space that simdjson leaves behind it.
absl::string_view TrimToken(std::string_view token);

// Reads anything but the content of an object or a list, whose kind alone is
// told, and leaves `value` where it is: iterating passes over it. `json_end` is
// where the text ends. Read a string once only: simdjson's room for unescaped
// text holds each once.
simdjson::error_code ReadValue(simdjson::ondemand::value value,
                               const char* json_end, JsonValue* read);

// Reads the key of `field`, without its escapes. Once only, as above.
simdjson::error_code ReadKey(simdjson::ondemand::field* field,
                             const char* json_end, absl::string_view* key);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_TOKEN_H_
