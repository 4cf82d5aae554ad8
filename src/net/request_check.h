// What a server refuses for what a request's head says, before it reads a body.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_NET_REQUEST_CHECK_H_
#define SUBROSA_SRC_NET_REQUEST_CHECK_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/optional.h"
#include "src/net/http_message.h"

namespace subrosa {

// The length that the request gives its body: 0 where it gives none. Nothing if
// it gives several, or what is not the one decimal of a number.
absl::optional<uint64_t> BodySizeOf(const HttpRequest& request);

// The status that refuses the request, or 0: 400 for a path that does not begin
// with a slash or a length that is none, 411 for a body whose end is told in
// another way than by its length, 415 for a compressed one, 413 for one of more
// than `max_body_bytes`.
int RefusalOf(const HttpRequest& request, size_t max_body_bytes);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_REQUEST_CHECK_H_
