#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/descriptor_set.h"
#include "src/classify/name_rules.h"
#include "src/classify/published_terms.h"
#include "src/classify/schema_report.h"
#include "src/classify/schema_survey.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {
namespace {

struct SchemaArguments {
  std::vector<std::string> files;
  uint64_t threshold = 0;
  bool all = false;
  int format = 0;
};

absl::StatusOr<SchemaSurvey> SurveyFile(const std::string& path, bool all) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadFile(path == "-" ? "/dev/stdin" : path, kMaxDescriptorSetBytes));
  SUBROSA_ASSIGN_OR_RETURN(const DescriptorFiles set, ReadDescriptorSet(bytes));
  std::vector<const google::protobuf::FileDescriptor*> files;
  for (const auto* file : set.files) {
    if (all || !IsShippedFile(*file)) files.push_back(file);
  }
  if (files.empty()) {
    return absl::InvalidArgumentError(
        "want a file of your own in the set, got only protobuf's and "
        "Subrosa's (--all surveys those too)");
  }
  SUBROSA_ASSIGN_OR_RETURN(const NameRules rules, NameRules::BuiltIn());
  return SurveySchema(rules, files);
}

}  // namespace

ExitCode ClassifySchema(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  SchemaArguments given;
  CommandLine line(
      "classify schema",
      "Lists every field of a service's messages with its kinds and clauses, "
      "and suggests the marks that are missing. The file is what `protoc "
      "--include_imports --include_source_info --descriptor_set_out=FILE` "
      "writes. The exit code is 3 if too few fields are marked.");
  line.AddArguments("file", &given.files,
                    "The descriptor set, or - for standard input");
  line.AddNumber("--threshold", &given.threshold,
                 "Percent of the fields that have to be marked [0]");
  line.AddFlag("--all", &given.all,
               "Survey protobuf's and Subrosa's own messages too");
  line.AddChoice("--format", &given.format, {{"text", 0}, {"json", 1}},
                 "How to print the result; json is the data inventory [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (given.files.size() != 1) {
    return UsageError("classify schema",
                      absl::StrCat("file: want one, got ", given.files.size()),
                      streams);
  }
  if (given.threshold > 100) {
    return UsageError("classify schema", "--threshold: want 0 to 100", streams);
  }

  const absl::StatusOr<SchemaSurvey> survey =
      SurveyFile(given.files.front(), given.all);
  if (!survey.ok()) {
    return Fail(Annotate(survey.status(), given.files.front()), streams);
  }
  std::string text;
  if (given.format == 1) {
    const absl::StatusOr<TermMap> terms = TermMap::BuiltIn();
    if (!terms.ok()) return Fail(terms.status(), streams);
    text = SchemaInventoryJson(*survey, *terms);
  } else {
    text = SchemaReport(*survey);
  }
  const ExitCode printed = Print(text, streams);
  if (printed != ExitCode::kDone) return printed;
  if (survey->MarkedPercent() >= given.threshold && survey->problems.empty()) {
    return ExitCode::kDone;
  }
  std::fprintf(streams.err,
               "subrosa: error: fields: want %d %% marked and no mark that is "
               "wrong, got %zu of %zu unmarked and %zu wrong\n",
               static_cast<int>(given.threshold), survey->unmarked,
               survey->fields, survey->problems.size());
  return ExitCode::kNo;
}

}  // namespace subrosa
