// What rests in clear of a request, and under what the rest is sealed: for the
// ledger alone.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_ROW_H_
#define SUBROSA_SRC_REQUEST_REQUEST_ROW_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"

namespace subrosa {

inline constexpr size_t kRequestTagBytes = 16;

struct RequestColumns {
  std::string request_ref;
  int64_t revision = 0;
  bool is_open = false;
  int64_t due_day = 0;
  int32_t year = 0;
  std::string consumer_tag;
};

// The columns, as all statements read them, and then `sealed`, for an entity's
// number $1.
inline constexpr absl::string_view kSelectRequests =
    "SELECT request_ref, revision, is_open, due_day, year, consumer_tag, sealed"
    " FROM request WHERE entity = $1";
inline constexpr int kSealedRequestColumn = 6;
RequestColumns ReadRequestColumns(const Statement& row);

// By what somebody who has the account id finds their requests of a year.
std::string RequestTagOf(const SecretKey& year_key, absl::string_view consumer);

// The key that requests are sealed under, and what the seal binds.
absl::StatusOr<SecretKey> RequestSealKeyOf(const SecretKey& year_key);
std::string RequestContextOf(absl::string_view entity,
                             const RequestColumns& columns);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_ROW_H_
