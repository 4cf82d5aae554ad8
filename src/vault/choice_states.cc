#include "src/vault/choice_states.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"

namespace subrosa {

Commitment ChoiceTagOf(const SecretKey& stable_secret, uint64_t number) {
  const BigEndianBytes<uint64_t> bytes(number);
  return Prf(stable_secret, "choice", {bytes.view()});
}

std::string ConsentRefOf(const Commitment& tag) {
  return std::string(reinterpret_cast<const char*>(tag.data()),
                     kConsentRefBytes);
}

absl::StatusOr<ChoiceStates> ChoiceStates::Open(RecordStore& records) {
  ChoiceStates states(records.entity_number());
  SUBROSA_ASSIGN_OR_RETURN(
      states.read_,
      records.database().Prepare(
          "SELECT choices, ask_again, standing, last_row FROM choice_state"
          " WHERE entity = $1 AND consumer_ref = $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      states.write_,
      records.database().Prepare(
          "INSERT INTO choice_state(entity, consumer_ref, choices, ask_again,"
          " standing, last_row) VALUES($1, $2, $3, $4, $5, $6)"
          " ON CONFLICT(entity, consumer_ref) DO UPDATE"
          " SET choices = $3, ask_again = $4, standing = $5, last_row = $6"));
  return states;
}

absl::StatusOr<ChoiceState> ChoiceStates::Read(absl::string_view consumer_ref) {
  read_->BindInt(1, entity_);
  read_->BindBytes(2, consumer_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_->Step());
  ChoiceState state;
  if (!found) return state;
  state.choices = static_cast<uint64_t>(read_->ColumnInt(0));
  state.ask_again = read_->ColumnInt(1) != 0;
  state.standing = std::string(read_->ColumnBytes(2));
  state.last_row = read_->ColumnInt(3);
  read_->Reset();
  return state;
}

absl::Status ChoiceStates::Write(absl::string_view consumer_ref,
                                 const ChoiceState& state) {
  write_->BindInt(1, entity_);
  write_->BindBytes(2, consumer_ref);
  write_->BindInt(3, static_cast<int64_t>(state.choices));
  write_->BindInt(4, state.ask_again ? 1 : 0);
  write_->BindBytes(5, state.standing);
  write_->BindInt(6, state.last_row);
  return write_->Run();
}

std::string ChoiceRowsSql(absl::string_view last) {
  // UNION, not UNION ALL: rows that name each other in a circle end it.
  return absl::StrCat("WITH RECURSIVE chain(row) AS (", last,
                      " UNION SELECT choice.previous FROM choice JOIN chain"
                      " ON choice.row = chain.row"
                      " WHERE choice.entity = $1 AND choice.consumer_ref = $2)"
                      " SELECT row FROM chain");
}

absl::Status ForgetChoices(RecordStore& records,
                           absl::Span<const std::string> consumer_refs) {
  constexpr absl::string_view kOfConsumer =
      " WHERE entity = $1 AND consumer_ref = $2";
  const std::string last =
      absl::StrCat("SELECT last_row FROM choice_state", kOfConsumer);
  // The state last, by which the choices are found; and not if one came
  // meanwhile: whoever appended it takes it back by that state.
  struct Wanted {
    std::string sql;
    std::unique_ptr<Statement> statement;
  };
  Wanted wanted[] = {
      {last, nullptr},
      {absl::StrCat("DELETE FROM disclosure", kOfConsumer), nullptr},
      {absl::StrCat("DELETE FROM choice", kOfConsumer, " AND row IN (",
                    ChoiceRowsSql(last), ")"),
       nullptr},
      {absl::StrCat("DELETE FROM choice_state", kOfConsumer,
                    " AND NOT EXISTS (SELECT 1 FROM choice"
                    " WHERE choice.row = choice_state.last_row)"),
       nullptr}};
  for (Wanted& each : wanted) {
    SUBROSA_ASSIGN_OR_RETURN(each.statement,
                             records.database().Prepare(each.sql));
  }
  const auto run = [&](Statement& statement, absl::string_view consumer_ref) {
    statement.BindInt(1, records.entity_number());
    statement.BindBytes(2, consumer_ref);
    const absl::StatusOr<bool> found = statement.Step();
    statement.Reset();
    return found;
  };
  for (const std::string& consumer_ref : consumer_refs) {
    SUBROSA_ASSIGN_OR_RETURN(const bool has_chosen,
                             run(*wanted[0].statement, consumer_ref));
    SUBROSA_RETURN_IF_ERROR(run(*wanted[1].statement, consumer_ref).status());
    if (!has_chosen) continue;
    SUBROSA_RETURN_IF_ERROR(run(*wanted[2].statement, consumer_ref).status());
    SUBROSA_RETURN_IF_ERROR(run(*wanted[3].statement, consumer_ref).status());
  }
  return absl::OkStatus();
}

}  // namespace subrosa
