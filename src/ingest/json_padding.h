// What stands between a buffer of text and the JSON parser that reads it.
#ifndef SUBROSA_SRC_INGEST_JSON_PADDING_H_
#define SUBROSA_SRC_INGEST_JSON_PADDING_H_

#include <cstddef>

namespace subrosa {

// Bytes that must be readable behind a text of JSON; what they hold is all one.
inline constexpr size_t kJsonPaddingBytes = 64;

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_PADDING_H_
