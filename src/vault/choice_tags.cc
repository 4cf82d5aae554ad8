#include "src/vault/choice_tags.h"

#include <memory>

#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"
#include "src/vault/stable_secret.h"

namespace subrosa {

Commitment ChoiceTagOf(const SecretKey& stable_secret, uint64_t number) {
  const BigEndianBytes<uint64_t> bytes(number);
  return Prf(stable_secret, "choice", {bytes.view()});
}

absl::StatusOr<NumberedChoice> ChoiceTags::CountNext(
    const ConsumerHandle& consumer) {
  SUBROSA_ASSIGN_OR_RETURN(
      ChoiceState state,
      ReadChoiceState(records_.database(), records_.entity_number(),
                      consumer.consumer_ref));
  ++state.choices;
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           StableSecretOf(entity_, consumer));
  SUBROSA_RETURN_IF_ERROR(WriteChoiceState(records_.database(),
                                           records_.entity_number(),
                                           consumer.consumer_ref, state));
  return NumberedChoice{state.choices, ChoiceTagOf(secret, state.choices)};
}

absl::StatusOr<bool> ChoiceTags::MustAskAgain(absl::string_view consumer_ref) {
  SUBROSA_ASSIGN_OR_RETURN(
      const ChoiceState state,
      ReadChoiceState(records_.database(), records_.entity_number(),
                      consumer_ref));
  return state.ask_again;
}

absl::Status ChoiceTags::Answered(absl::string_view consumer_ref) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      records_.database().Prepare("UPDATE choice_state SET ask_again = 0"
                                  " WHERE entity = $1 AND consumer_ref = $2"));
  update->BindInt(1, records_.entity_number());
  update->BindBytes(2, consumer_ref);
  return update->Run();
}

absl::StatusOr<ChoiceState> ReadChoiceState(Connection& records,
                                            int64_t entity_number,
                                            absl::string_view consumer_ref) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records.Prepare("SELECT choices, ask_again FROM choice_state"
                      " WHERE entity = $1 AND consumer_ref = $2"));
  read->BindInt(1, entity_number);
  read->BindBytes(2, consumer_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  ChoiceState state;
  if (found) {
    state.choices = static_cast<uint64_t>(read->ColumnInt(0));
    state.ask_again = read->ColumnInt(1) != 0;
  }
  return state;
}

absl::Status WriteChoiceState(Connection& records, int64_t entity_number,
                              absl::string_view consumer_ref,
                              const ChoiceState& state) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> write,
      records.Prepare("INSERT INTO choice_state(entity, consumer_ref, choices,"
                      " ask_again) VALUES($1, $2, $3, $4)"
                      " ON CONFLICT(entity, consumer_ref) DO UPDATE"
                      " SET choices = $3, ask_again = $4"));
  write->BindInt(1, entity_number);
  write->BindBytes(2, consumer_ref);
  write->BindInt(3, static_cast<int64_t>(state.choices));
  write->BindInt(4, state.ask_again ? 1 : 0);
  return write->Run();
}

absl::Status ForgetChoices(Connection& records, int64_t entity_number,
                           absl::string_view consumer_ref) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.Prepare("DELETE FROM choice_state"
                      " WHERE entity = $1 AND consumer_ref = $2"));
  remove->BindInt(1, entity_number);
  remove->BindBytes(2, consumer_ref);
  return remove->Run();
}

}  // namespace subrosa
