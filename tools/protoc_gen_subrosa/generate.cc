#include "tools/protoc_gen_subrosa/generate.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/descriptor_set.h"
#include "src/classify/name_rules.h"
#include "src/classify/published_terms.h"
#include "src/classify/schema_report.h"
#include "src/classify/schema_survey.h"

namespace subrosa {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::compiler::CodeGeneratorRequest;
using google::protobuf::compiler::CodeGeneratorResponse;

absl::Status GenerateInto(const CodeGeneratorRequest& request,
                          std::vector<std::string>* warnings,
                          CodeGeneratorResponse* response) {
  SUBROSA_ASSIGN_OR_RETURN(const PluginParameters parameters,
                           ParsePluginParameters(request.parameter()));
  SUBROSA_ASSIGN_OR_RETURN(const DescriptorFiles all,
                           BuildDescriptorFiles(request.proto_file()));
  std::vector<const FileDescriptor*> files;
  for (const FileDescriptor* file : all.files) {
    const auto& asked = request.file_to_generate();
    if (std::find(asked.begin(), asked.end(), file->name()) != asked.end()) {
      files.push_back(file);
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(const NameRules rules, NameRules::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(const TermMap terms, TermMap::BuiltIn());
  const SchemaSurvey survey = SurveySchema(rules, files);
  std::vector<std::string> found = SchemaWarnings(survey);
  if (survey.MarkedPercent() < parameters.threshold ||
      !survey.problems.empty()) {
    found.push_back(absl::StrFormat(
        "fields: want %g %% of %d marked and no mark that is wrong, got %d "
        "unmarked (%.1f %% marked) and %d wrong",
        parameters.threshold, survey.fields, survey.unmarked,
        survey.MarkedPercent(), survey.problems.size()));
    return absl::FailedPreconditionError(absl::StrJoin(found, "\n"));
  }
  *warnings = std::move(found);
  CodeGeneratorResponse::File* file = response->add_file();
  file->set_name(parameters.inventory);
  file->set_content(SchemaInventoryJson(survey, terms));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PluginParameters> ParsePluginParameters(absl::string_view text) {
  PluginParameters parameters;
  for (const absl::string_view part :
       absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (pair.first == "threshold") {
      // Written so that a NaN is refused too.
      if (!absl::SimpleAtod(pair.second, &parameters.threshold) ||
          !(parameters.threshold >= 0 && parameters.threshold <= 100)) {
        return absl::InvalidArgumentError(
            absl::StrCat("threshold: want 0 to 100, got ", pair.second));
      }
    } else if (pair.first == "inventory") {
      if (pair.second.empty() || absl::StrContains(pair.second, "..")) {
        return absl::InvalidArgumentError(absl::StrCat(
            "inventory: want a name below the output folder, got `",
            pair.second, "`"));
      }
      parameters.inventory = std::string(pair.second);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("parameter: want threshold=PERCENT or inventory=NAME, "
                       "got ",
                       pair.first));
    }
  }
  return parameters;
}

CodeGeneratorResponse Generate(const CodeGeneratorRequest& request,
                               std::vector<std::string>* warnings) {
  CodeGeneratorResponse response;
  response.set_supported_features(
      CodeGeneratorResponse::FEATURE_PROTO3_OPTIONAL);
  const absl::Status status = GenerateInto(request, warnings, &response);
  if (!status.ok()) response.set_error(std::string(status.message()));
  return response;
}

}  // namespace subrosa
