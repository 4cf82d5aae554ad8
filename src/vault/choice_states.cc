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

absl::StatusOr<ChoiceStates> ChoiceStates::Open(RecordStore& records) {
  ChoiceStates states(records.entity_number());
  SUBROSA_ASSIGN_OR_RETURN(
      states.read_, records.database().Prepare(
                        "SELECT choices, ask_again, standing FROM choice_state"
                        " WHERE entity = $1 AND consumer_ref = $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      states.write_,
      records.database().Prepare(
          "INSERT INTO choice_state(entity, consumer_ref, choices, ask_again,"
          " standing) VALUES($1, $2, $3, $4, $5)"
          " ON CONFLICT(entity, consumer_ref) DO UPDATE"
          " SET choices = $3, ask_again = $4, standing = $5"));
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
  return write_->Run();
}

absl::Status ForgetChoices(RecordStore& records,
                           absl::string_view consumer_ref) {
  for (const char* table : {"choice_state", "choice", "disclosure"}) {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> remove,
                             records.database().Prepare(absl::StrCat(
                                 "DELETE FROM ", table,
                                 " WHERE entity = $1 AND consumer_ref = $2")));
    remove->BindInt(1, records.entity_number());
    remove->BindBytes(2, consumer_ref);
    SUBROSA_RETURN_IF_ERROR(remove->Run());
  }
  return absl::OkStatus();
}

}  // namespace subrosa
