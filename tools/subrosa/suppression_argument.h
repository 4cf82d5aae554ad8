// The option --suppressions of the commands that print findings.
#ifndef SUBROSA_TOOLS_SUBROSA_SUPPRESSION_ARGUMENT_H_
#define SUBROSA_TOOLS_SUBROSA_SUPPRESSION_ARGUMENT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/classify/suppressions.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {

class SuppressionArgument {
 public:
  // Adds the option to `line`.
  explicit SuppressionArgument(CommandLine* line);

  // Reads the file, if one is given, for findings in `path`. Today is a day in
  // UTC. INVALID_ARGUMENT, with file and line, for a bad file.
  absl::Status Read(const std::string& path);

  // Whether entries ask for a value's pseudonym.
  bool needs_pseudonyms() const { return list_.needs_pseudonyms(); }

  // As Suppressions::Suppresses.
  bool Holds(absl::string_view rule_id, absl::string_view field_path,
             absl::string_view pseudonym);

  // Tells on `err` how many findings were suppressed, and which entries are
  // unused or expired.
  void Tell(const Streams& streams) const;

 private:
  std::string file_;
  Suppressions list_;
  uint64_t suppressed_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SUPPRESSION_ARGUMENT_H_
