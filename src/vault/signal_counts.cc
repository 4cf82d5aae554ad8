#include "src/vault/signal_counts.h"

#include <memory>

#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"

namespace subrosa {

absl::Status SignalCounts::Add(const NewSignals& signals, int32_t today) {
  if (signals.empty()) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(SettleStart(today));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> add,
      records_.database().Prepare(
          "INSERT INTO signal_count(entity, year, jurisdiction, signals)"
          " VALUES($1, $2, $3, $4) ON CONFLICT(entity, year, jurisdiction)"
          " DO UPDATE SET signals = signal_count.signals + excluded.signals"));
  for (const auto& [key, more] : signals) {
    add->BindInt(1, records_.entity_number());
    add->BindInt(2, key.first);
    add->BindText(3, key.second);
    add->BindInt(4, more);
    SUBROSA_RETURN_IF_ERROR(add->Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<SignalsOfYear>> SignalCounts::Read(int32_t year,
                                                                int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> from,
      records_.database().Prepare("SELECT day FROM signal_count_from"));
  SUBROSA_ASSIGN_OR_RETURN(const bool is_incomplete, from->Step());
  if (is_incomplete) {
    int32_t day = static_cast<int32_t>(from->ColumnInt(0));
    from->Reset();
    if (day == 0) {
      SUBROSA_RETURN_IF_ERROR(SettleStart(today));
      day = today;
    }
    if (year <= CivilDayOf(day).year()) return std::nullopt;
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records_.database().Prepare("SELECT jurisdiction, signals"
                                  " FROM signal_count"
                                  " WHERE entity = $1 AND year = $2"));
  read->BindInt(1, records_.entity_number());
  read->BindInt(2, year);
  SignalsOfYear signals;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return signals;
    signals.by_jurisdiction[std::string(read->ColumnBytes(0))] =
        read->ColumnInt(1);
    signals.all += read->ColumnInt(1);
  }
}

absl::Status SignalCounts::MarkIncomplete(int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      records_.database().Prepare(
          "INSERT INTO signal_count_from(one, day) VALUES(1, $1)"
          " ON CONFLICT(one) DO UPDATE"
          " SET day = excluded.day WHERE excluded.day > "
          "signal_count_from.day"));
  insert->BindInt(1, today);
  return insert->Run();
}

absl::Status SignalCounts::SettleStart(int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> settle,
      records_.database().Prepare(
          "UPDATE signal_count_from SET day = $1 WHERE day = 0"));
  settle->BindInt(1, today);
  return settle->Run();
}

}  // namespace subrosa
