// Whether a request that came in is one. It is bytes of somebody unknown.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_CHECK_H_
#define SUBROSA_SRC_REQUEST_REQUEST_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

inline constexpr size_t kMaxContactBytes = 512;
inline constexpr size_t kMaxPermissionBytes = 256;

// INVALID_ARGUMENT, `request.field: want …, got …`, without a value of the
// request: for one without a kind, channel, requester or time of receipt, or
// with a time to come; for an appeal, which is a step of the request that it is
// about; for an agent or guardian without what shows it; for places that are
// none; for days that are none, or asked about by a kind that knows none; for
// steps, which are the entity's to add; for text beyond its bounds or with
// control characters.
absl::Status CheckNewRequest(const v1::Request& request, absl::Time now);

// 1 to 256 bytes. INVALID_ARGUMENT else.
absl::Status CheckConsumerId(absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_CHECK_H_
