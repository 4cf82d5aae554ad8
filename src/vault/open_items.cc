#include "src/vault/open_items.h"

#include <memory>

#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"

namespace subrosa {
namespace {

absl::StatusOr<int64_t> Count(RecordStore& records, int32_t year,
                              absl::string_view sql) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> count,
                           records.database().Prepare(sql));
  count->BindInt(1, records.entity_number());
  count->BindInt(2, year);
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  return count->ColumnInt(0);
}

}  // namespace

absl::StatusOr<OpenItems> CountOpenItems(RecordStore& records, int32_t year) {
  OpenItems items;
  items.year = year;
  SUBROSA_ASSIGN_OR_RETURN(
      items.requests,
      Count(records, year,
            "SELECT count(*) FROM request"
            " WHERE entity = $1 AND year = $2 AND is_open = 1"));
  // 3: final (src/erasure/erasure_book.h).
  SUBROSA_ASSIGN_OR_RETURN(
      items.erasures, Count(records, year,
                            "SELECT count(*) FROM erasure"
                            " WHERE entity = $1 AND year = $2 AND state <> 3"));
  return items;
}

}  // namespace subrosa
