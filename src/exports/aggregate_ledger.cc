#include "src/exports/aggregate_ledger.h"

#include <algorithm>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<std::unique_ptr<AggregateLedger>> AggregateLedger::Open(
    RecordStore& records) {
  std::unique_ptr<AggregateLedger> ledger(new AggregateLedger(records));
  Connection& database = records.database();
  SUBROSA_ASSIGN_OR_RETURN(
      ledger->find_answer_,
      database.Prepare("SELECT answer FROM aggregate_answer"
                       " WHERE entity = $1 AND question = $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      ledger->find_overlap_,
      database.Prepare("SELECT first_day, last_day FROM aggregate_answer"
                       " WHERE entity = $1 AND measure = $2"
                       " AND last_day >= $3 AND first_day <= $4 LIMIT 1"));
  SUBROSA_ASSIGN_OR_RETURN(
      ledger->read_members_,
      database.Prepare(
          "SELECT tag, atom FROM aggregate_member WHERE entity = $1"));
  SUBROSA_ASSIGN_OR_RETURN(
      ledger->put_member_,
      database.Prepare("INSERT INTO aggregate_member(entity, tag, atom)"
                       " VALUES($1, $2, $3) ON CONFLICT(entity, tag)"
                       " DO UPDATE SET atom = $3 WHERE atom <> $3"));
  SUBROSA_ASSIGN_OR_RETURN(
      ledger->put_answer_,
      database.Prepare("INSERT INTO aggregate_answer(entity, question, measure,"
                       " day, answer, first_day, last_day)"
                       " VALUES($1, $2, $3, $4, $5, $6, $7)"));
  return ledger;
}

absl::StatusOr<std::optional<std::string>> AggregateLedger::FindAnswer(
    absl::string_view question) {
  find_answer_->BindInt(1, records_.entity_number());
  find_answer_->BindText(2, question);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find_answer_->Step());
  std::optional<std::string> answer;
  if (found) answer = std::string(find_answer_->ColumnBytes(0));
  find_answer_->Reset();
  return answer;
}

absl::StatusOr<std::optional<PeriodDays>> AggregateLedger::FindOverlap(
    absl::string_view measure, const PeriodDays& days) {
  find_overlap_->BindInt(1, records_.entity_number());
  find_overlap_->BindText(2, measure);
  find_overlap_->BindInt(3, days.first_day);
  find_overlap_->BindInt(4, days.last_day);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find_overlap_->Step());
  std::optional<PeriodDays> earlier;
  if (found) {
    earlier = PeriodDays{static_cast<int32_t>(find_overlap_->ColumnInt(0)),
                         static_cast<int32_t>(find_overlap_->ColumnInt(1))};
  }
  find_overlap_->Reset();
  return earlier;
}

absl::Status AggregateLedger::ReadAtoms(AnswerAtoms* atoms) {
  read_members_->BindInt(1, records_.entity_number());
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read_members_->Step());
    if (!found) return absl::OkStatus();
    const absl::string_view bytes = read_members_->ColumnBytes(0);
    MemberTag tag = {};
    if (bytes.size() != tag.size()) {
      read_members_->Reset();
      return absl::DataLossError("aggregate_member.tag: want 16 bytes");
    }
    std::copy(bytes.begin(), bytes.end(), tag.begin());
    atoms->Add(tag, read_members_->ColumnInt(1));
  }
}

absl::Status AggregateLedger::Append(const RecordedAnswer& answer,
                                     const AnswerAtoms& atoms) {
  for (const auto& [tag, atom] : atoms.members()) {
    put_member_->BindInt(1, records_.entity_number());
    put_member_->BindBytes(2, absl::string_view(tag.data(), tag.size()));
    put_member_->BindInt(3, atom);
    SUBROSA_RETURN_IF_ERROR(put_member_->Run());
  }
  put_answer_->BindInt(1, records_.entity_number());
  put_answer_->BindText(2, answer.question);
  put_answer_->BindText(3, answer.measure);
  put_answer_->BindInt(4, answer.day);
  put_answer_->BindText(5, answer.text);
  put_answer_->BindInt(6, answer.days.first_day);
  put_answer_->BindInt(7, answer.days.last_day);
  return put_answer_->Run();
}

}  // namespace subrosa
