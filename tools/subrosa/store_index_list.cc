#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/steward/steward.h"
#include "src/vault/blind_index.h"
#include "src/vault/index_keeper.h"
#include "src/vault/index_planner.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

std::string ListText(const std::vector<BlindIndex>& indexes) {
  if (indexes.empty()) return "No indexes.\n";
  std::string text;
  for (const BlindIndex& index : indexes) {
    absl::StrAppend(&text, index.schema, ":", index.field, "  ",
                    IndexStateName(index.state), ", ",
                    IndexKindName(index.kind), ", ", index.bits, " bits, ",
                    index.partitions,
                    index.partitions == 1 ? " partition\n" : " partitions\n");
  }
  return text;
}

std::string ListJson(const std::vector<BlindIndex>& indexes) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const BlindIndex& index : indexes) {
    list.push_back({{"field", absl::StrCat(index.schema, ":", index.field)},
                    {"state", std::string(IndexStateName(index.state))},
                    {"kind", std::string(IndexKindName(index.kind))},
                    {"bits", index.bits},
                    {"partitions", index.partitions}});
  }
  const nlohmann::ordered_json json = {{"indexes", list}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode StoreIndexList(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  CommandLine line("store index list",
                   "Lists the indexes, and which of them are ready.");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::vector<BlindIndex>> indexes =
      (*steward)->Indexes().List();
  if (!indexes.ok()) return Fail(indexes.status(), streams);
  return Print(home.json() ? ListJson(*indexes) : ListText(*indexes), streams);
}

}  // namespace subrosa
