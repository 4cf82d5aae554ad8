#include "src/vault/lost_answers.h"

#include <memory>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<LostAnswers> ReadLostAnswers(Connection& records) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records.Prepare(
          "SELECT answers, last_day, is_settled FROM aggregate_lost"));
  LostAnswers lost;
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  if (!found) return lost;
  lost.answers = read->ColumnInt(0);
  lost.last_day = static_cast<int32_t>(read->ColumnInt(1));
  lost.is_settled = read->ColumnInt(2) != 0;
  return lost;
}

absl::Status MarkLostAnswers(Connection& records, int64_t answers,
                             int32_t last_day) {
  if (answers == 0) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> mark,
      records.Prepare(
          "INSERT INTO aggregate_lost(one, answers, last_day, is_settled)"
          " VALUES(1, $1, $2, 0) ON CONFLICT(one) DO UPDATE"
          " SET answers = aggregate_lost.answers + excluded.answers,"
          " last_day = max(aggregate_lost.last_day, excluded.last_day),"
          " is_settled = 0"));
  mark->BindInt(1, answers);
  mark->BindInt(2, last_day);
  return mark->Run();
}

absl::Status SettleLostAnswers(Connection& records) {
  return records.Execute("UPDATE aggregate_lost SET is_settled = 1");
}

}  // namespace subrosa
