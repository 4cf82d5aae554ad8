// What protoc-gen-subrosa does with what protoc asks of it.
#ifndef SUBROSA_TOOLS_PROTOC_GEN_SUBROSA_GENERATE_H_
#define SUBROSA_TOOLS_PROTOC_GEN_SUBROSA_GENERATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/compiler/plugin.pb.h"

namespace subrosa {

// The plugin's parameters: `--subrosa_out=threshold=95,inventory=NAME:DIR`.
struct PluginParameters {
  // Percent of the fields that have to be marked, 0 to 100.
  double threshold = 100;

  // The name of the file that is written, below the output folder.
  std::string inventory = "subrosa_inventory.json";
};

// INVALID_ARGUMENT for an unknown parameter, a threshold that is no number from
// 0 to 100, and an empty name or one with `..` in it.
absl::StatusOr<PluginParameters> ParsePluginParameters(absl::string_view text);

// The answer to `request`: the data inventory of the files to generate, or an
// error, by which protoc fails, where fewer fields are marked than the
// threshold asks or a mark contradicts itself. What is to be said and is no
// error is added to `warnings`, one line each.
google::protobuf::compiler::CodeGeneratorResponse Generate(
    const google::protobuf::compiler::CodeGeneratorRequest& request,
    std::vector<std::string>* warnings);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_PROTOC_GEN_SUBROSA_GENERATE_H_
