#include "src/request/request_row.h"

#include "absl/strings/str_cat.h"
#include "src/base/length_prefixed.h"
#include "src/crypto/prf.h"

namespace subrosa {
namespace {

constexpr PrfLabel kSealLabel("request seal");

}  // namespace

RequestColumns ReadRequestColumns(const Statement& row) {
  RequestColumns columns;
  columns.request_ref = std::string(row.ColumnBytes(0));
  columns.revision = row.ColumnInt(1);
  columns.is_open = row.ColumnInt(2) != 0;
  columns.due_day = row.ColumnInt(3);
  columns.year = static_cast<int32_t>(row.ColumnInt(4));
  columns.consumer_tag = std::string(row.ColumnBytes(5));
  return columns;
}

std::string RequestTagOf(const SecretKey& year_key,
                         absl::string_view consumer) {
  const auto output = Prf(year_key, "request consumer", {consumer});
  return std::string(reinterpret_cast<const char*>(output.data()),
                     kRequestTagBytes);
}

absl::StatusOr<SecretKey> RequestSealKeyOf(const SecretKey& year_key) {
  return DeriveKey(year_key, kSealLabel, {});
}

std::string RequestContextOf(absl::string_view entity,
                             const RequestColumns& columns) {
  return LengthPrefixed({"subrosa request", entity, columns.request_ref,
                         absl::StrCat(columns.revision),
                         columns.is_open ? "open" : "answered",
                         absl::StrCat(columns.due_day),
                         absl::StrCat(columns.year), columns.consumer_tag});
}

}  // namespace subrosa
