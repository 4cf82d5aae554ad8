#include "src/request/request_counts.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr absl::string_view kTraitColumns =
    "received_year, year, kind, residence, is_open, answer, ground, days,"
    " extended, appeals, granted";

void Bind(int64_t entity, int32_t year, const RequestTraits& traits,
          Statement* statement) {
  statement->BindInt(1, entity);
  statement->BindInt(2, traits.received_year);
  statement->BindInt(3, year);
  statement->BindInt(4, traits.kind);
  statement->BindText(5, traits.residence);
  statement->BindInt(6, traits.is_open ? 1 : 0);
  statement->BindInt(7, static_cast<int64_t>(traits.answer));
  statement->BindText(8, traits.ground);
  statement->BindInt(9, traits.days);
  statement->BindInt(10, traits.is_extended ? 1 : 0);
  statement->BindInt(11, traits.appeals);
  statement->BindInt(12, traits.is_granted ? 1 : 0);
}

RequestTraits ReadTraits(const Statement& row) {
  RequestTraits traits;
  traits.received_year = row.ColumnInt(0);
  traits.kind = static_cast<v1::RequestKind>(row.ColumnInt(2));
  traits.residence = std::string(row.ColumnBytes(3));
  traits.is_open = row.ColumnInt(4) != 0;
  traits.answer = static_cast<RequestAnswer>(row.ColumnInt(5));
  traits.ground = std::string(row.ColumnBytes(6));
  traits.days = static_cast<int32_t>(row.ColumnInt(7));
  traits.is_extended = row.ColumnInt(8) != 0;
  traits.appeals = static_cast<int32_t>(row.ColumnInt(9));
  traits.is_granted = row.ColumnInt(10) != 0;
  return traits;
}

}  // namespace

absl::Status RequestCounts::Add(const TraitCounts& changes) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> add,
      database_.Prepare(absl::StrCat(
          "INSERT INTO request_count(entity, ", kTraitColumns,
          ", requests) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
          " $12, $13) ON CONFLICT(entity, ",
          kTraitColumns,
          ") DO UPDATE SET requests = request_count.requests +"
          " excluded.requests")));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> drop,
      database_.Prepare(absl::StrCat(
          "DELETE FROM request_count WHERE (entity, ", kTraitColumns,
          ") = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
          " AND requests = 0")));
  for (const auto& [key, change] : changes) {
    if (change == 0) continue;
    Bind(entity_, key.first, key.second, add.get());
    add->BindInt(13, change);
    SUBROSA_RETURN_IF_ERROR(add->Run());
    if (change > 0) continue;
    Bind(entity_, key.first, key.second, drop.get());
    SUBROSA_RETURN_IF_ERROR(drop->Run());
  }
  return absl::OkStatus();
}

absl::Status RequestCounts::DropBefore(int32_t year) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> drop,
      database_.Prepare("DELETE FROM request_count AS c"
                        " WHERE entity = $1 AND year < $2"
                        " AND NOT EXISTS (SELECT 1 FROM request r"
                        " WHERE r.entity = c.entity AND r.year = c.year)"));
  drop->BindInt(1, entity_);
  drop->BindInt(2, year);
  return drop->Run();
}

absl::Status RequestCounts::Visit(CountVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(absl::StrCat("SELECT ", kTraitColumns,
                                     ", requests FROM request_count"
                                     " WHERE entity = $1")));
  read->BindInt(1, entity_);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(visit(static_cast<int32_t>(read->ColumnInt(1)),
                                  ReadTraits(*read), read->ColumnInt(11)));
  }
}

absl::StatusOr<bool> RequestCounts::HasUncounted() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT 1 FROM request_uncounted WHERE entity = $1"));
  read->BindInt(1, entity_);
  const absl::StatusOr<bool> found = read->Step();
  read->Reset();
  return found;
}

absl::Status RequestCounts::Replace(const TraitCounts& counts) {
  for (const absl::string_view table : {"request_count", "request_uncounted"}) {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> clear,
                             database_.Prepare(absl::StrCat(
                                 "DELETE FROM ", table, " WHERE entity = $1")));
    clear->BindInt(1, entity_);
    SUBROSA_RETURN_IF_ERROR(clear->Run());
  }
  return Add(counts);
}

}  // namespace subrosa
