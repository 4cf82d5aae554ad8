// What every subcommand of `law` shares: which packs, on which day, how to
// print.
#ifndef SUBROSA_TOOLS_SUBROSA_LAW_ARGUMENTS_H_
#define SUBROSA_TOOLS_SUBROSA_LAW_ARGUMENTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/law/law_book.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {

class LawArguments {
 public:
  // Adds --pack and --format to `line`.
  explicit LawArguments(CommandLine* line);

  bool json() const { return format_ == 1; }

  // The shipped packs, with those of --pack in their place or beside them.
  // Errors as LawBook::WithPacks and ReadFile.
  absl::StatusOr<LawBook> Read() const;

 private:
  std::vector<std::string> packs_;
  int format_ = 0;
};

// The day that `text` names; today, in UTC, for none. Errors as ParseLawDay.
absl::StatusOr<absl::CivilDay> DayArgument(const std::string& text);

// A rule as one JSON object: its name, pack, citation, dates, certainty,
// demand.
nlohmann::ordered_json RuleJson(const LawEntry& entry);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_LAW_ARGUMENTS_H_
