#include "src/classify/schema_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/classify/marks.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

absl::string_view StandingText(FieldStanding standing) {
  switch (standing) {
    case FieldStanding::kMarked:
      return "marked";
    case FieldStanding::kNotPersonal:
      return "not personal";
    case FieldStanding::kBelow:
      return "says it below";
    case FieldStanding::kUnmarked:
      break;
  }
  return "unmarked";
}

template <typename Set>
void AppendWithClauses(const Set& set, std::vector<std::string>* parts) {
  for (const auto value : set.Values()) {
    parts->push_back(
        absl::StrCat(Slug(value), " (", FactsOf(value).clause(), ")"));
  }
}

std::string KindsText(const Classification& kinds) {
  std::vector<std::string> parts;
  AppendWithClauses(kinds.categories, &parts);
  AppendWithClauses(kinds.identifiers, &parts);
  AppendWithClauses(kinds.personal, &parts);
  AppendWithClauses(kinds.sensitive, &parts);
  for (const auto label : kinds.labels.Values()) {
    parts.push_back(absl::StrCat("label ", Slug(label)));
  }
  return absl::StrJoin(parts, "; ");
}

std::string FieldText(const SurveyedField& field) {
  std::string text = absl::StrCat("  ", field.name, " = ", field.number, " (",
                                  field.type, "): ");
  switch (field.standing) {
    case FieldStanding::kUnmarked:
      absl::StrAppend(&text, "NO MARK");
      break;
    case FieldStanding::kNotPersonal:
    case FieldStanding::kBelow:
      absl::StrAppend(&text, StandingText(field.standing));
      break;
    case FieldStanding::kMarked: {
      const std::string kinds = KindsText(field.kinds);
      absl::StrAppend(&text,
                      kinds.empty() ? "marked, no kind of its own" : kinds);
      if (field.mark.free_text()) absl::StrAppend(&text, "; free text");
      break;
    }
  }
  return absl::StrCat(text, "\n");
}

// What to do about an unmarked field.
std::string Advice(const SurveyedField& field) {
  const MarkSuggestion& suggestion = field.suggestion;
  if (suggestion.score == 0) {
    return "nothing known by its name; say what it holds, or "
           "[(subrosa.v1.field) = {not_personal: true}]";
  }
  return absl::StrFormat(
      "%s %s (%s, score %.2f, %s)",
      suggestion.score >= NameRules::kLikely ? "paste" : "perhaps",
      MarkText(suggestion.mark), suggestion.reason, suggestion.score,
      suggestion.rule_id);
}

template <typename Set>
Json ClausesJson(const Set& set, absl::string_view name) {
  Json list = Json::array();
  for (const auto value : set.Values()) {
    const v1::ClauseFacts& facts = FactsOf(value);
    list.push_back({{std::string(name), std::string(Slug(value))},
                    {"clause", facts.clause()},
                    {"text", std::string(CertaintyText(facts.certainty()))}});
  }
  return list;
}

void AddKinds(const Classification& kinds, const TermMap& terms, Json* json) {
  (*json)["health"] = ClausesJson(kinds.categories, "category");
  Json labels = Json::array();
  for (const auto label : kinds.labels.Values()) {
    labels.push_back(std::string(Slug(label)));
  }
  (*json)["labels"] = labels;
  (*json)["personal"] = ClausesJson(kinds.personal, "category");
  (*json)["sensitive"] = ClausesJson(kinds.sensitive, "category");
  (*json)["identifiers"] = ClausesJson(kinds.identifiers, "kind");
  const PublishedTerms published = terms.Of(kinds);
  (*json)["fideslang"] = published.fideslang;
  (*json)["dpv"] = published.dpv;
}

Json FieldJson(const SurveyedField& field, const TermMap& terms) {
  Json json = {{"name", field.name},
               {"number", field.number},
               {"type", field.type},
               {"standing", std::string(StandingText(field.standing))}};
  if (IsMarked(field.mark)) json["mark"] = MarkText(field.mark);
  if (field.mark.free_text()) json["free_text"] = true;
  if (field.standing == FieldStanding::kMarked ||
      field.standing == FieldStanding::kBelow) {
    AddKinds(field.kinds, terms, &json);
  }
  if (field.suggestion.score > 0) {
    json["suggestion"] = {{"mark", MarkText(field.suggestion.mark)},
                          {"score", field.suggestion.score},
                          {"rule", field.suggestion.rule_id},
                          {"reason", field.suggestion.reason}};
  }
  return json;
}

std::string Counts(const SchemaSurvey& survey) {
  return absl::StrFormat("%d of %d fields marked (%.1f %%)",
                         survey.fields - survey.unmarked, survey.fields,
                         survey.MarkedPercent());
}

}  // namespace

std::string SchemaReport(const SchemaSurvey& survey) {
  std::string text;
  for (const SurveyedMessage& message : survey.messages) {
    absl::StrAppend(&text, message.full_name);
    if (!message.title.empty()) {
      absl::StrAppend(&text, ", \"", message.title, "\"");
    }
    const std::string kinds = KindsText(message.kinds);
    absl::StrAppend(&text, kinds.empty() ? "" : ": ", kinds, "\n");
    for (const SurveyedField& field : message.fields) {
      absl::StrAppend(&text, FieldText(field));
    }
    absl::StrAppend(&text, "\n");
  }
  for (const std::string& warning : SchemaWarnings(survey)) {
    absl::StrAppend(&text, warning, "\n");
  }
  return absl::StrCat(text, Counts(survey), "\n");
}

std::string SchemaInventoryJson(const SchemaSurvey& survey,
                                const TermMap& terms) {
  Json messages = Json::array();
  for (const SurveyedMessage& message : survey.messages) {
    Json json = {{"name", message.full_name}, {"file", message.file}};
    if (!message.title.empty()) json["title"] = message.title;
    AddKinds(message.kinds, terms, &json);
    json["fields"] = Json::array();
    for (const SurveyedField& field : message.fields) {
      json["fields"].push_back(FieldJson(field, terms));
    }
    messages.push_back(json);
  }
  const Json json = {{"format", "subrosa-schema-inventory-1"},
                     {"fields", survey.fields},
                     {"unmarked", survey.unmarked},
                     {"marked_percent", survey.MarkedPercent()},
                     {"problems", survey.problems},
                     {"messages", messages}};
  // A descriptor's strings are not checked; what is no UTF-8 is replaced.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> SchemaWarnings(const SchemaSurvey& survey) {
  std::vector<std::string> warnings = survey.problems;
  for (const SurveyedMessage& message : survey.messages) {
    for (const SurveyedField& field : message.fields) {
      if (field.standing != FieldStanding::kUnmarked || IsMarked(field.mark)) {
        continue;
      }
      warnings.push_back(absl::StrCat(
          message.file,
          field.line > 0 ? absl::StrCat(":", field.line) : std::string(), ": ",
          message.full_name, ".", field.name, ": want a mark, got none; ",
          Advice(field)));
    }
  }
  return warnings;
}

}  // namespace subrosa
