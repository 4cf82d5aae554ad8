#include "src/exports/set_statement.h"

#include <cmath>

#include "absl/strings/match.h"
#include "nlohmann/json.hpp"
#include "src/exports/instant_text.h"
#include "src/exports/record_text.h"
#include "src/exports/set_lines.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kClaims[] =
    "nothing: what follows was counted, and is no finding that nobody can be "
    "identified";
constexpr char kShifted[] =
    "moved, by the same number of days for all of one consumer: no Safe "
    "Harbor, "
    "so that this set rests on an expert's determination (45 CFR "
    "164.514(b)(1)), which is not part of it";
constexpr char kYears[] = "years alone";

Json AttestationsJson(const SetFacts& facts, const SetTerms& terms) {
  Json all = Json::array();
  for (const Attestation& each : facts.attestations) {
    Json asked = Json::array();
    for (size_t i = 0; i < each.rules.size(); ++i) {
      asked.push_back({{"rule", each.rules[i]},
                       {"citation", each.citations[i]},
                       {"text", each.texts[i]}});
    }
    all.push_back({{"attests", each.key},
                   {"by", terms.attested_by},
                   {"asked_by", std::move(asked)}});
  }
  return all;
}

Json TextsJson(const SetFacts& facts, const SetTerms& terms,
               const DeidentifiedSet& set) {
  if (!terms.keep_text) return {{"are", "left out"}};
  Json recall = Json::array();
  for (const ScannerRecall::Part& part : facts.recall.parts) {
    recall.push_back({{"of", part.what},
                      {"recall", std::round(part.Recall() * 1000) / 1000},
                      {"labelled", part.labelled},
                      {"covered", part.covered}});
  }
  return {{"are", "redacted where the scanner found something"},
          {"redacted_places", set.counts.redacted},
          {"recall", std::move(recall)},
          {"measured_by", facts.recall.source},
          {"measured_in", facts.recall.year},
          {"meaning",
           "what the scanner did not find still stands in the texts; on other "
           "texts it finds more or less"}};
}

Json RulesJson(const LawBook& law) {
  Json rules = Json::array();
  for (const LawEntry& entry : law.entries()) {
    if (!absl::StartsWith(entry.id, "us-hipaa-safe-harbor/")) continue;
    rules.push_back({{"rule", entry.id},
                     {"citation", entry.rule->citation()},
                     {"text", entry.rule->text()}});
    if (!entry.rule->open_question().empty()) {
      rules.back()["open_question"] = entry.rule->open_question();
    }
  }
  return rules;
}

}  // namespace

std::string SetStatement(const SetFacts& facts, const SetTerms& terms,
                         const DeidentifiedSet& set, const LawBook& law,
                         const SafeHarbor& rules) {
  Json records = Json::object();
  for (const auto& [schema, count] : set.records) records[schema] = count;
  Json json = {
      {"set", "de-identified records"},
      {"version", 1},
      {"entity", facts.entity},
      {"recipient", facts.recipient.id()},
      {"purpose", terms.purpose},
      {"contract", facts.recipient.contract().reference()},
      {"made_on", InstantText(facts.made_at).substr(0, 10)},
      {"claims", kClaims},
      {"attestations", AttestationsJson(facts, terms)},
      {"consumers", set.groups.consumers},
      {"records", std::move(records)},
      {"form", std::string(SetFormSuffix(terms.form))},
      {"dates", terms.dates == DateRule::kShifted ? kShifted : kYears},
      {"texts", TextsJson(facts, terms, set)},
      {"fields_taken_out", set.counts.removed},
      {"values_made_coarse", set.counts.coarsened},
      {"oldest_age", rules.oldest_age()},
      {"areas_from", rules.sources()},
      {"rules", RulesJson(law)},
      {"evidence",
       {{"what_others_may_know",
         "areas, ages and years that stay, of all records of a consumer"},
        {"groups", set.groups.groups},
        {"least_group_asked_for", terms.least_group},
        {"k_anonymity", set.groups.least_consumers},
        {"l_diversity", set.groups.least_kinds},
        {"l_diversity_of",
         "the combination of types, categories and labels of a consumer's "
         "records"},
        {"small_cells", set.groups.small_cells},
        {"consumers_left_out_of_small_groups", set.groups.left_out},
        {"records_not_permitted", set.not_permitted}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace subrosa
