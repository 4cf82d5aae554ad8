// Which field an index is about, and what is said of indexes.
#ifndef SUBROSA_TOOLS_SUBROSA_INDEX_ARGUMENT_H_
#define SUBROSA_TOOLS_SUBROSA_INDEX_ARGUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/steward/steward.h"
#include "src/vault/index_keeper.h"
#include "src/vault/index_planner.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/progress.h"

namespace subrosa {

// "subrosa.v1.MoodCheckIn:device_id".
struct IndexFieldName {
  std::string schema;
  std::string field;

  std::string Text() const { return schema + ":" + field; }
};

// INVALID_ARGUMENT unless it is a message's name, a colon, and a path.
absl::StatusOr<IndexFieldName> ParseFieldName(absl::string_view text);

// The argument "field" of a command.
class FieldArgument {
 public:
  explicit FieldArgument(CommandLine* line);

  // INVALID_ARGUMENT unless there is one, as ParseFieldName.
  absl::StatusOr<IndexFieldName> Read() const;

 private:
  std::vector<std::string> given_;
};

// What is searched for: the only line of the file `path`, or of standard input
// for "-", of at most 4 KiB; so that it never stands in the list of processes.
// INVALID_ARGUMENT if it is empty; else errors of ReadFile.
absl::StatusOr<std::string> ReadValueFile(const std::string& path);

// --most-bits, --most-partitions, --slow.
class LimitArguments {
 public:
  explicit LimitArguments(CommandLine* line);

  // INVALID_ARGUMENT for what no index can have.
  absl::StatusOr<IndexLimits> Read() const;

 private:
  uint64_t most_bits_ = 32;
  uint64_t most_partitions_ = 16;
  bool wants_slow_ = false;
};

// Resolves the field and plans an index about it from all that is held, with a
// line of progress.
absl::StatusOr<IndexVerdict> PlanField(Steward& steward,
                                       const IndexFieldName& field,
                                       const IndexLimits& limits,
                                       const Streams& streams);
// Tells `progress` what is being done to how many consumers. Both must outlive
// what it returns.
IndexKeeper::OnProgress TellConsumers(Progress& progress,
                                      absl::string_view what);

// What the planner says, and the figures that it rests on.
std::string VerdictText(const IndexFieldName& field,
                        const IndexVerdict& verdict);
nlohmann::ordered_json VerdictJson(const IndexFieldName& field,
                                   const IndexVerdict& verdict);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_INDEX_ARGUMENT_H_
