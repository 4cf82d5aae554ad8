#include "src/classify/published_terms.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/classify/kind_columns.h"
#include "src/classify/taxonomy_facts.h"
#include "src/classify/terms/built_in.h"

namespace subrosa {
namespace {

absl::Status CheckKind(absl::string_view kind, absl::string_view slug) {
  if (kind == "health-category") {
    return ParseSlug<v1::HealthCategory>(slug).status();
  }
  if (kind == "health-label") return ParseSlug<v1::HealthLabel>(slug).status();
  if (kind == "personal") {
    return ParseSlug<v1::PersonalCategory>(slug).status();
  }
  if (kind == "sensitive") {
    return ParseSlug<v1::SensitiveCategory>(slug).status();
  }
  if (kind == "identifier") {
    return ParseSlug<v1::IdentifierKind>(slug).status();
  }
  return absl::InvalidArgumentError("no such kind");
}

std::vector<std::string> Terms(absl::string_view list) {
  std::vector<std::string> terms;
  if (list == "-") return terms;
  for (const absl::string_view term : absl::StrSplit(list, ',')) {
    absl::string_view name = term;
    terms.push_back(absl::ConsumePrefix(&name, "pd:")
                        ? absl::StrCat("https://w3id.org/dpv/pd#", name)
                        : std::string(name));
  }
  return terms;
}

void SortAndDropDouble(std::vector<std::string>* terms) {
  std::sort(terms->begin(), terms->end());
  terms->erase(std::unique(terms->begin(), terms->end()), terms->end());
}

// Of sorted terms, drops each that another one is below.
void DropGeneral(std::vector<std::string>* terms) {
  const std::vector<std::string> all = *terms;
  terms->erase(std::remove_if(terms->begin(), terms->end(),
                              [&](const std::string& term) {
                                return std::any_of(
                                    all.begin(), all.end(),
                                    [&](const std::string& other) {
                                      return absl::StartsWith(
                                          other, absl::StrCat(term, "."));
                                    });
                              }),
               terms->end());
}

}  // namespace

absl::StatusOr<TermMap> TermMap::BuiltIn() {
  absl::StatusOr<TermMap> map = Parse("published_terms.tsv", kBuiltInTerms);
  if (!map.ok()) return absl::InternalError(map.status().message());
  return map;
}

absl::StatusOr<TermMap> TermMap::Parse(absl::string_view name,
                                       absl::string_view text) {
  TermMap map;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::string place = absl::StrCat(name, ":", number);
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 4) {
      return Annotate(WantInRules("kind, slug, fideslang and DPV", line),
                      place);
    }
    if (!CheckKind(columns[0], columns[1]).ok()) {
      return Annotate(WantInRules("a kind of the taxonomy", columns[1]), place);
    }
    const bool is_new =
        map.terms_
            .emplace(std::make_pair(std::string(columns[0]),
                                    std::string(columns[1])),
                     PublishedTerms{Terms(columns[2]), Terms(columns[3])})
            .second;
    if (!is_new) {
      return Annotate(WantInRules("each kind once", columns[1]), place);
    }
  }
  return map;
}

PublishedTerms TermMap::Of(const Classification& kinds) const {
  PublishedTerms all;
  const auto add = [&](absl::string_view kind, absl::string_view slug) {
    const auto found =
        terms_.find(std::make_pair(std::string(kind), std::string(slug)));
    if (found == terms_.end()) return;
    const PublishedTerms& more = found->second;
    all.fideslang.insert(all.fideslang.end(), more.fideslang.begin(),
                         more.fideslang.end());
    all.dpv.insert(all.dpv.end(), more.dpv.begin(), more.dpv.end());
  };
  for (const auto value : kinds.categories.Values()) {
    add("health-category", Slug(value));
  }
  for (const auto value : kinds.labels.Values()) {
    add("health-label", Slug(value));
  }
  for (const auto value : kinds.personal.Values()) add("personal", Slug(value));
  for (const auto value : kinds.sensitive.Values()) {
    add("sensitive", Slug(value));
  }
  for (const auto value : kinds.identifiers.Values()) {
    add("identifier", Slug(value));
  }
  SortAndDropDouble(&all.fideslang);
  SortAndDropDouble(&all.dpv);
  DropGeneral(&all.fideslang);
  return all;
}

}  // namespace subrosa
