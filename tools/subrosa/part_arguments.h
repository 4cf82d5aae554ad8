// Which part of a consumer's records a command is about: what `subrosa erase`
// is given beside the consumer.
#ifndef SUBROSA_TOOLS_SUBROSA_PART_ARGUMENTS_H_
#define SUBROSA_TOOLS_SUBROSA_PART_ARGUMENTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/vault/part_selection.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {

class PartArguments {
 public:
  // Adds --record, --category, --purpose, --old-revisions and
  // --collected-before to `line`.
  explicit PartArguments(CommandLine* line);

  // Whether any was given.
  bool is_given() const;

  // INVALID_ARGUMENT names the option that is wrong, and repeats no value.
  absl::StatusOr<PartSelection> Read() const;

 private:
  std::string record_;
  std::vector<std::string> categories_;
  std::string purpose_;
  bool old_revisions_ = false;
  std::string collected_before_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_PART_ARGUMENTS_H_
