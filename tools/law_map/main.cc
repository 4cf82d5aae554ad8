// Prints docs/law_map.md: what proto/subrosa/v1/taxonomy.proto says of each
// kind of data, and what the law packs demand, as tables for a reader who reads
// neither. A test compares the committed page with what this prints.
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "src/classify/taxonomy_facts.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "tools/law_map/pack_tables.h"

namespace subrosa {
namespace {

constexpr absl::string_view kIntroduction = R"md(# The law map

Which clause names which kind of data, and what each statute demands as a rule.
It informs; it is no legal advice, and what a service must do depends on facts
that no table knows.

This page is printed from `proto/subrosa/v1/taxonomy.proto` and from the packs in
`src/law/packs`, where every citation stands, with how sure we are of it:

    bazel run //tools/law_map > docs/law_map.md

The test `//tools/law_map:law_map_test` fails when the page and they differ.

How sure we are is said in three words:

- *statute read*: we read the clause itself, in a stored copy of the statute, the
  regulation or the published specification. Stored copies age: check the date of
  the text that you rely on.
- *secondary source*: we read someone else's account of it.
- *from memory: check*: we found it nowhere in writing.

Whether a use, a share, a deadline or a notice is in order is not decided here.

)md";

// A cell holds no bar and no line break.
std::string Row(const std::vector<std::string>& cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

std::string Code(absl::string_view text) {
  return text.empty() ? "none" : absl::StrCat("`", text, "`");
}

std::string Text(absl::string_view text) {
  return text.empty() ? "none" : std::string(text);
}

std::string Californian(const v1::ClauseFacts& facts) {
  std::vector<absl::string_view> clauses;
  for (const int value : facts.california()) {
    clauses.push_back(
        FactsOf(static_cast<v1::SensitiveCategory>(value)).clause());
  }
  return Text(absl::StrJoin(clauses, ", "));
}

std::string HealthTable() {
  std::string table = absl::StrCat(
      "## Consumer health data: Washington's thirteen categories\n\n"
      "In the statute's order. The counterparts stand beside them because a "
      "record that\ncounts under the one clause will usually raise the "
      "question "
      "of the other; they are\nnot the same test. Nevada counts what an entity "
      "*uses to identify* health status,\nand biometric or genetic data only "
      "where they relate to it. GPP items are those "
      "of\n`SensitiveDataProcessing` "
      "in the US-National section, version 2; its items 6 and 7\nmean data "
      "used "
      "to identify a person uniquely.\n\n",
      Row({"category", "in our words", "Washington", "sure", "Nevada",
           "California, sensitive", "GPP", "sure"}),
      "|---|---|---|---|---|---|---|---|\n");
  for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
    const v1::ClauseFacts& facts = FactsOf(category);
    absl::StrAppend(
        &table,
        Row({Code(Slug(category)), facts.title(), facts.clause(),
             std::string(CertaintyText(facts.certainty())),
             Text(facts.nevada()), Californian(facts),
             Text(absl::StrJoin(facts.gpp_usnat_items(), ", ")),
             std::string(CertaintyText(facts.counterpart_certainty()))}));
  }
  return table;
}

std::string LabelTable() {
  std::string table = absl::StrCat(
      "\n## Finer labels\n\nOurs, not a statute's: they say more closely what "
      "a "
      "category holds. A label hangs\nbelow the categories named beside "
      "it.\n\n",
      Row({"label", "in words", "below"}), "|---|---|---|\n");
  for (const v1::HealthLabel label : AllValues<v1::HealthLabel>()) {
    const v1::LabelFacts& facts = FactsOf(label);
    std::vector<std::string> under;
    for (const int category : facts.under()) {
      under.push_back(Code(Slug(static_cast<v1::HealthCategory>(category))));
    }
    absl::StrAppend(&table, Row({Code(Slug(label)), facts.title(),
                                 absl::StrJoin(under, ", ")}));
  }
  return table;
}

template <typename E>
std::string ClauseTable(absl::string_view heading, absl::string_view note) {
  std::string table = absl::StrCat(
      "\n## ", heading, "\n\n", note, "\n\n",
      Row({"kind", "in our words", "clause", "sure"}), "|---|---|---|---|\n");
  for (const E value : AllValues<E>()) {
    const v1::ClauseFacts& facts = FactsOf(value);
    absl::StrAppend(&table,
                    Row({Code(Slug(value)), facts.title(), facts.clause(),
                         std::string(CertaintyText(facts.certainty()))}));
  }
  return table;
}

std::string LawMap() {
  return absl::StrCat(
      kIntroduction, HealthTable(), LabelTable(),
      ClauseTable<v1::PersonalCategory>(
          "Personal information: California's (A) to (L)",
          "In the statute's order. (L) stands beside every kind of the next "
          "table."),
      ClauseTable<v1::SensitiveCategory>(
          "Sensitive personal information in California",
          "The letters are those of the 2020 text, which we read. What was "
          "added later\nis named by what added it, until we have read the "
          "text as amended."),
      ClauseTable<v1::IdentifierKind>(
          "What identifies a person: HIPAA's eighteen, and what "
          "Washington adds",
          "That a field holds one of these says neither that HIPAA applies nor "
          "that the\nrest is de-identified once it is gone."),
      PackTables());
}

}  // namespace
}  // namespace subrosa

int main() {
  const std::string page = subrosa::LawMap();
  const bool written =
      std::fwrite(page.data(), 1, page.size(), stdout) == page.size() &&
      std::fflush(stdout) == 0;
  return written ? 0 : 1;
}
