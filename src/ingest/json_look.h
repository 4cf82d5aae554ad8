// Tells JSON by its first bytes, from anything that only starts as JSON may.
#ifndef SUBROSA_SRC_INGEST_JSON_LOOK_H_
#define SUBROSA_SRC_INGEST_JSON_LOOK_H_

#include "absl/strings/string_view.h"

namespace subrosa {

// What the first bytes of a file tell of it.
enum class JsonLook {
  kNone,  // No object, and no list of them.
  kJson,  // An object up to the colon behind its first key, or an empty one
          // that ends its line; or a list up to there in its first object.
  kMore,  // It takes more bytes to tell.
};

// Looks at `start`, white space allowed.
//
// A message of 123 bytes starts with a brace too, behind its length, and by
// chance most of JSON's first bytes are fields of protobuf. So it takes a whole
// key to be sure: UTF-8 without control characters between quotes, and a colon.
JsonLook LookForJson(absl::string_view start);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_LOOK_H_
