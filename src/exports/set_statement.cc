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
    "164.514(b)(1)), which is not part of it; of somebody whose records go on "
    "up to the day when the set was made, the last one tells by how many days "
    "but for a few";
constexpr char kYears[] = "years alone";
constexpr char kNames[] =
    "of consumers: made for this recipient, this year, and what was asked "
    "(purpose, types, dates, texts, least group); the same question again in "
    "this year names them alike, another question otherwise";
constexpr char kOrder[] =
    "consumers by name, the records of each shuffled for this set alone";
constexpr char kTextMeaning[] =
    "what the scanner did not find still stands in the texts; on other texts "
    "it finds more or less: a set with texts is no Safe Harbor by that alone";
// What no number here says.
constexpr const char* kNotTold[] = {
    "rare values of the content, such as a code that one person has",
    "what texts still say",
    "what the recipient knows from elsewhere",
    "what stands in other sets that the recipient has or gets: content that "
    "is the same in two joins them, whatever consumers are called, and of the "
    "same question again the names do; each set is counted by itself",
    "of moved dates, what days and the times between them tell",
};

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
          {"meaning", kTextMeaning}};
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
      {"names", kNames},
      {"order", kOrder},
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
        {"records_not_permitted", set.not_permitted},
        {"does_not_tell", kNotTold}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace subrosa
