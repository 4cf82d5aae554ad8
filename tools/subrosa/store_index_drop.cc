#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/steward/steward.h"
#include "src/vault/blind_index.h"
#include "src/vault/index_keeper.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/index_argument.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

// NOT_FOUND if there is none.
absl::Status Drop(Steward& steward, const IndexFieldName& field, bool dry_run) {
  IndexKeeper keeper = steward.Indexes();
  if (!dry_run) return keeper.Drop(field.schema, field.field);
  SUBROSA_ASSIGN_OR_RETURN(const BlindIndex* const index,
                           keeper.FindIndex(field.schema, field.field));
  if (index != nullptr) return absl::OkStatus();
  return absl::NotFoundError(
      "index: want a field that has one, got one that has none");
}

}  // namespace

ExitCode StoreIndexDrop(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  bool dry_run = false;
  CommandLine line(
      "store index drop",
      "Drops an index with all its entries, while services go on. No record "
      "is touched, and it can be added again. What older copies of the key "
      "store hold of it goes as their epoch does (`keys retire`).");
  const FieldArgument field_argument(&line);
  line.AddFlag("--dry-run", &dry_run, "Only say what would be done");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<IndexFieldName> field = field_argument.Read();
  if (!field.ok()) {
    return UsageError("store index drop", std::string(field.status().message()),
                      streams);
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::Status dropped = Drop(**steward, *field, dry_run);
  if (!dropped.ok()) return FailOrNo(dropped, streams);
  if (home.json()) {
    const nlohmann::ordered_json json = {{"dropped", !dry_run},
                                         {"field", field->Text()}};
    return Print(json.dump() + "\n", streams);
  }
  return Print(absl::StrCat(field->Text(),
                            dry_run ? ": would be dropped.\nDry run: nothing "
                                      "was changed.\n"
                                    : ": dropped.\n"),
               streams);
}

}  // namespace subrosa
