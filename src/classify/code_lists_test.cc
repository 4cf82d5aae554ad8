// Every code of HCPCS 2019, and the code-sensitivity rules that Arizona State
// University publishes, against the shipped rules. What each list says is
// written here from its own words, and not from our rules.
//
// The lists are not ours to ship: they are read from the outside data, and the
// tests are skipped where that is absent.
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

constexpr char kHcpcs[] =
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
constexpr char kRxNorm[] = "http://www.nlm.nih.gov/research/umls/rxnorm";

std::string CodeFile(absl::string_view name) {
  const absl::optional<std::string> folder = SharedDataFolder("codes");
  if (!folder.has_value()) return "";
  const auto text = ReadFile(absl::StrCat(*folder, "/", name), 64 << 20);
  return text.ok() ? *text : "";
}

const CodeTable& BuiltIn() {
  static const CodeTable* const table =
      new CodeTable(*std::move(CodeTable::BuiltIn()));
  return *table;
}

LabelSet Labels(std::initializer_list<v1::HealthLabel> labels) {
  LabelSet set;
  for (const v1::HealthLabel label : labels) set.Add(label);
  return set;
}

// Code and long title, in lower case, of every line of the list.
std::vector<std::pair<std::string, std::string>> HcpcsCodes() {
  std::vector<std::pair<std::string, std::string>> codes;
  for (const absl::string_view line :
       absl::StrSplit(CodeFile("hcpcs_2019_noD.tsv"), '\n')) {
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 3 || columns[0] == "code") continue;
    codes.emplace_back(std::string(columns[0]),
                       absl::AsciiStrToLower(columns[1]));
  }
  return codes;
}

TEST(HcpcsCodesTest, EveryCodeSaysWhatItsLetterStandsFor) {
  const auto codes = HcpcsCodes();
  if (codes.empty()) GTEST_SKIP() << kNoSharedData;
  ASSERT_GT(codes.size(), 6000u);
  const std::map<char, v1::HealthCategory> letters = {
      {'B', v1::HEALTH_CATEGORY_INTERVENTIONS},
      {'J', v1::HEALTH_CATEGORY_MEDICATION},
      {'K', v1::HEALTH_CATEGORY_INTERVENTIONS},
      {'V', v1::HEALTH_CATEGORY_INTERVENTIONS},
  };
  for (const auto& [code, title] : codes) {
    const CodeRule* rule = BuiltIn().Find(kHcpcs, code);
    ASSERT_NE(rule, nullptr) << code;
    EXPECT_FALSE(rule->adds.categories.empty()) << code;
    const auto letter = letters.find(code[0]);
    // Contraceptives and treatments of genes are among the medicines.
    if (letter == letters.end() || rule->id == "hcpcs/contraception" ||
        rule->id == "hcpcs/sexual-function" || rule->id == "hcpcs/hiv" ||
        rule->id == "hcpcs/hepatitis" || rule->id == "hcpcs/genetic") {
      continue;
    }
    EXPECT_TRUE(rule->adds.categories.Has(letter->second))
        << code << " met " << rule->id;
  }
}

TEST(HcpcsCodesTest, SensitiveWordsInATitleLeadToTheirLabel) {
  const auto codes = HcpcsCodes();
  if (codes.empty()) GTEST_SKIP() << kNoSharedData;
  struct Word {
    absl::string_view word;
    std::vector<absl::string_view> but_not;
    LabelSet labels;
  };
  const Word words[] = {
      {"alcohol and/or",
       {},
       Labels({v1::HEALTH_LABEL_SUBSTANCE_USE, v1::HEALTH_LABEL_CRISIS})},
      {"substance abuse", {}, Labels({v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"tobacco",
       {"history of cancer"},
       Labels({v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"methadone", {}, Labels({v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"buprenorphine", {}, Labels({v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"suicide", {}, Labels({v1::HEALTH_LABEL_CRISIS})},
      {"mental health",
       {"tobacco", "telehealth", "antiviral treatment"},
       Labels({v1::HEALTH_LABEL_MENTAL_HEALTH})},
      {"psychiatric",
       {"e.g., psychiatric", "neuropsychiatric"},
       Labels({v1::HEALTH_LABEL_MENTAL_HEALTH})},
      {"depressi",
       {"shoe", "heel", "pneum", "wound", "suction"},
       Labels({v1::HEALTH_LABEL_MENTAL_HEALTH})},
      {"contracepti", {}, Labels({v1::HEALTH_LABEL_CONTRACEPTION})},
      {"abortion", {}, Labels({v1::HEALTH_LABEL_PREGNANCY})},
      {"prenatal", {}, Labels({v1::HEALTH_LABEL_PREGNANCY})},
      {"in vitro fertilization",
       {"e.g., pregnancy"},
       Labels({v1::HEALTH_LABEL_CYCLE})},
      {"embryo", {}, Labels({v1::HEALTH_LABEL_CYCLE})},
      {"hiv-1", {}, Labels({v1::HEALTH_LABEL_HIV})},
      {"hepatitis c", {}, Labels({v1::HEALTH_LABEL_INFECTION})},
      {"papilloma", {}, Labels({v1::HEALTH_LABEL_SEXUAL_HEALTH})},
      {"chemotherapy",
       {"other than chemotherapy", "etiologies", "non-chemotherapeutic",
        "non chemo", "oral, for", "per oral", "anti-emetic", "antiemetic"},
       Labels({v1::HEALTH_LABEL_ONCOLOGY})},
      {"brachytherapy", {}, Labels({v1::HEALTH_LABEL_ONCOLOGY})},
      {"mastectomy", {}, Labels({v1::HEALTH_LABEL_ONCOLOGY})},
  };
  for (const auto& [code, title] : codes) {
    for (const Word& word : words) {
      if (!absl::StrContains(title, word.word)) continue;
      bool is_other = false;
      for (const absl::string_view other : word.but_not) {
        is_other = is_other || absl::StrContains(title, other);
      }
      if (is_other) continue;
      const CodeRule& rule = *BuiltIn().Find(kHcpcs, code);
      EXPECT_FALSE((rule.adds.labels & word.labels).empty())
          << code << " (" << title << ") met " << rule.id;
    }
  }
}

// Newer than the list: written here from Medicare's billing pages of 2024.
TEST(HcpcsCodesTest, NewerCodesOfAddictionAndHivHaveTheirLabel) {
  for (const char* const code : {"G2067", "G2070", "G2075", "G2080", "G2086",
                                 "G2088", "G2215", "G1028", "J0577", "J0578"}) {
    const CodeRule* const rule = BuiltIn().Find(kHcpcs, code);
    ASSERT_NE(rule, nullptr) << code;
    EXPECT_TRUE(rule->adds.labels.Has(v1::HEALTH_LABEL_SUBSTANCE_USE)) << code;
  }
  for (const char* const code :
       {"J0739", "J0750", "J0751", "G0011", "G0012", "G0013", "Q0516"}) {
    const CodeRule* const rule = BuiltIn().Find(kHcpcs, code);
    ASSERT_NE(rule, nullptr) << code;
    EXPECT_TRUE(rule->adds.labels.Has(v1::HEALTH_LABEL_HIV)) << code;
    EXPECT_GE(rule->year, 2024) << code;
  }
}

// A rule of the published set: how many of its codes have to lead to one of
// `labels`, and why the others do not.
struct Stance {
  absl::string_view rule;
  LabelSet labels;
  int at_least;
  absl::string_view why;
};

TEST(SensitivityRulesTest, WeAgreeWithThePublishedRulesOrSayWhyNot) {
  const std::string text = CodeFile("asu_sensitivity_rules.json");
  if (text.empty()) GTEST_SKIP() << kNoSharedData;
  const nlohmann::json published = nlohmann::json::parse(text);
  const Stance stances[] = {
      {"shares-rule-mh", Labels({v1::HEALTH_LABEL_MENTAL_HEALTH}), 9,
       "parts (LP) and national concepts are no codes of a record here"},
      {"shares-rule-sud", Labels({v1::HEALTH_LABEL_SUBSTANCE_USE}), 9,
       "every opioid is listed; against pain it is medication to us, and only "
       "what treats addiction is substance use; few strengths are listed"},
      {"synthea-sud", Labels({v1::HEALTH_LABEL_SUBSTANCE_USE}), 16,
       "a list made by a language model: salts, sugar and ordinary checks"},
      {"patient-11", Labels({v1::HEALTH_LABEL_SUBSTANCE_USE}), 5,
       "one person's choice, medicines against pain among them"},
      {"shares-rule-violence", Labels({v1::HEALTH_LABEL_ABUSE}), 0,
       "answers (LA) and parts (LP) are no codes of a record here"},
      {"shares-rule-sex", Labels({v1::HEALTH_LABEL_SEXUAL_HEALTH}), 0,
       "parts (LP), and tests whose numbers are not listed here"},
      {"shares-rule-demo", Labels({}), 0, "demographics are marks, no health"},
      {"shares-rule-dia", Labels({v1::HEALTH_LABEL_CARDIOVASCULAR}), 1,
       "an example: any diagnosis may be sensitive to someone"},
      {"shares-rule-dis", Labels({v1::HEALTH_LABEL_SUBSTANCE_USE}), 1,
       "an example of a disability"},
      {"shares-rule-gdis", Labels({}), 0, "one national concept"},
      {"shares-rule-disease", Labels({}), 0, "one concept"},
      {"shares-rule-drgis", Labels({}), 0, "substances: medicines by name"},
      {"shares-rule-social", Labels({v1::HEALTH_LABEL_NUTRITION}), 1,
       "body weight, which they count as social"},
      {"test-rule-delete-me", Labels({}), 0, "its name says it"},
  };
  size_t medicines = 0;
  for (const auto& rule : published["rules"]) {
    const std::string id = rule["id"];
    const Stance* stance = nullptr;
    for (const Stance& each : stances) {
      if (each.rule == id) stance = &each;
    }
    ASSERT_NE(stance, nullptr) << "no stance on " << id;
    int codes = 0, agree = 0;
    for (const auto& set : rule["codeSets"]) {
      for (const auto& entry : set["codes"]) {
        const std::string system = entry["system"];
        const CodeRule* ours =
            BuiltIn().Find(system, entry["code"].get<std::string>());
        ++codes;
        if (ours != nullptr && !(ours->adds.labels & stance->labels).empty()) {
          ++agree;
        }
        if (system != kRxNorm) continue;
        ++medicines;
        ASSERT_NE(ours, nullptr);
        EXPECT_TRUE(ours->adds.categories.Has(v1::HEALTH_CATEGORY_MEDICATION));
      }
    }
    std::printf("%-22s %4d of %4d codes agree; else: %s\n", id.c_str(), agree,
                codes, std::string(stance->why).c_str());
    EXPECT_GE(agree, stance->at_least) << id;
  }
  EXPECT_GT(medicines, 2000u);
}

}  // namespace
}  // namespace subrosa
