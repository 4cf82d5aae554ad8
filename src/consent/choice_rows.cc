#include "src/consent/choice_rows.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/vault/choice_states.h"

namespace subrosa {
namespace {

absl::Status MissingError() {
  return absl::DataLossError(
      "record store: want each entry of a consumer's ledger of choices, got "
      "one missing");
}

}  // namespace

absl::StatusOr<ChoiceRows> ChoiceRows::Open(RecordStore& records) {
  ChoiceRows rows(records.entity_number());
  struct Wanted {
    std::unique_ptr<Statement>* statement;
    std::string sql;
  };
  const Wanted wanted[] = {
      {&rows.read_last_, "SELECT last_row FROM choice_issued"},
      {&rows.insert_,
       "INSERT INTO choice(row, entity, consumer_ref, number, previous,"
       " sealed) VALUES($1, $2, $3, $4, $5, $6)"},
      {&rows.write_last_, "UPDATE choice_issued SET last_row = $1"},
      {&rows.visit_,
       absl::StrCat("SELECT row, number, previous, sealed FROM choice"
                    " WHERE entity = $1 AND consumer_ref = $2 AND row IN (",
                    ChoiceRowsSql("SELECT $3"), ") ORDER BY row")},
      {&rows.visit_consumers_,
       "SELECT consumer_ref FROM choice WHERE row > $1 AND row <= $2"
       " AND entity = $3"},
  };
  for (const Wanted& each : wanted) {
    SUBROSA_ASSIGN_OR_RETURN(*each.statement,
                             records.database().Prepare(each.sql));
  }
  return rows;
}

absl::StatusOr<int64_t> ChoiceRows::ReadLast() {
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_last_->Step());
  if (!found) {
    return absl::DataLossError("record store: its count of choices is gone");
  }
  const int64_t last = read_last_->ColumnInt(0);
  read_last_->Reset();
  return last;
}

absl::Status ChoiceRows::Insert(const ChoiceRow& row) {
  insert_->BindInt(1, row.row);
  insert_->BindInt(2, entity_);
  insert_->BindBytes(3, row.consumer_ref);
  insert_->BindInt(4, static_cast<int64_t>(row.number));
  insert_->BindInt(5, row.previous);
  insert_->BindBytes(6, row.sealed);
  return insert_->Run();
}

absl::Status ChoiceRows::WriteLast(int64_t last) {
  write_last_->BindInt(1, last);
  return write_last_->Run();
}

absl::Status ChoiceRows::Visit(
    absl::string_view consumer_ref, int64_t last_row,
    absl::FunctionRef<absl::Status(uint64_t number, absl::string_view sealed)>
        visit) {
  visit_->BindInt(1, entity_);
  visit_->BindBytes(2, consumer_ref);
  visit_->BindInt(3, last_row);
  int64_t previous = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_->Step());
    if (!found) break;
    absl::Status status =
        visit_->ColumnInt(2) == previous
            ? visit(static_cast<uint64_t>(visit_->ColumnInt(1)),
                    visit_->ColumnBytes(3))
            : MissingError();
    previous = visit_->ColumnInt(0);
    if (status.ok()) continue;
    visit_->Reset();
    return status;
  }
  return previous == last_row ? absl::OkStatus() : MissingError();
}

absl::Status ChoiceRows::VisitConsumers(
    int64_t after, int64_t last,
    absl::FunctionRef<void(absl::string_view consumer_ref)> visit) {
  visit_consumers_->BindInt(1, after);
  visit_consumers_->BindInt(2, last);
  visit_consumers_->BindInt(3, entity_);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_consumers_->Step());
    if (!found) return absl::OkStatus();
    visit(visit_consumers_->ColumnBytes(0));
  }
}

}  // namespace subrosa
