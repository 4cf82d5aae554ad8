// Bytes from strangers, as a descriptor set.
//
// What must hold: they are refused as INVALID_ARGUMENT, or surveyed; a survey
// counts what it lists, suggests only marks that are no contradiction, and its
// inventory is JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/classify/descriptor_set.h"
#include "src/classify/name_rules.h"
#include "src/classify/published_terms.h"
#include "src/classify/schema_report.h"
#include "src/classify/schema_survey.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const NameRules& Rules() {
  static const NameRules* const rules =
      new NameRules(std::move(NameRules::BuiltIn()).value());
  return *rules;
}

const TermMap& Terms() {
  static const TermMap* const terms =
      new TermMap(std::move(TermMap::BuiltIn()).value());
  return *terms;
}

void Run(absl::string_view bytes) {
  const absl::StatusOr<DescriptorFiles> set = ReadDescriptorSet(bytes);
  if (!set.ok()) {
    Require(absl::IsInvalidArgument(set.status()));
    return;
  }
  const SchemaSurvey survey = SurveySchema(Rules(), set->files);
  size_t fields = 0, unmarked = 0;
  for (const SurveyedMessage& message : survey.messages) {
    for (const SurveyedField& field : message.fields) {
      if (field.standing != FieldStanding::kBelow) ++fields;
      if (field.standing == FieldStanding::kUnmarked) ++unmarked;
      v1::FieldMark rest = field.suggestion.mark;
      if (!rest.not_personal()) continue;
      rest.clear_not_personal();
      Require(rest.ByteSizeLong() == 0);
    }
  }
  Require(fields == survey.fields && unmarked == survey.unmarked);
  Require(survey.MarkedPercent() >= 0 && survey.MarkedPercent() <= 100);
  Require(!SchemaReport(survey).empty());
  Require(nlohmann::json::accept(SchemaInventoryJson(survey, Terms())));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
