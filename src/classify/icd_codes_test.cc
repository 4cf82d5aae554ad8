// Every code of ICD-10-CM 2021, against a table of chapters and blocks and a
// list of words in the codes' titles, both written here and not from the rules.
//
// The code list is not ours to ship: it is read from $SUBROSA_DATA, by default
// ../shared/data beside the checkout, and the test is skipped where it is
// absent.

#include <climits>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"

namespace subrosa {
namespace {

constexpr char kIcd10Cm[] = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr size_t kMaxFileBytes = 64 << 20;

struct Code {
  std::string code;
  std::string title;
};

// The test's files are links into the checkout, so its place can be told.
std::string DataFolder() {
  if (const char* folder = getenv("SUBROSA_DATA")) return folder;
  const std::string rules =
      absl::StrCat(getenv("TEST_SRCDIR"), "/", getenv("TEST_WORKSPACE"),
                   "/src/classify/codes/icd_10_cm.tsv");
  char real[PATH_MAX];
  if (realpath(rules.c_str(), real) == nullptr) return "";
  const absl::string_view checkout =
      absl::StripSuffix(real, "/src/classify/codes/icd_10_cm.tsv");
  return absl::StrCat(checkout, "/../shared/data");
}

std::vector<Code> AllCodes() {
  const auto text = ReadFile(
      absl::StrCat(DataFolder(), "/codes/icd10cm_2021.tsv"), kMaxFileBytes);
  std::vector<Code> codes;
  if (!text.ok()) return codes;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 3 || columns[0] == "code") continue;
    codes.push_back(
        {std::string(columns[0]), absl::AsciiStrToLower(columns[2])});
  }
  return codes;
}

LabelSet AnyOf(std::initializer_list<v1::HealthLabel> labels) {
  LabelSet set;
  for (const v1::HealthLabel label : labels) set.Add(label);
  return set;
}

CategorySet Any(std::initializer_list<v1::HealthCategory> categories) {
  CategorySet set;
  for (const v1::HealthCategory category : categories) set.Add(category);
  return set;
}

// True if a word of `title` begins with `start`.
bool HasWord(absl::string_view title, absl::string_view start) {
  const size_t at = title.find(start);
  if (at == absl::string_view::npos) return false;
  return at == 0 || title[at - 1] == ' ' ||
         HasWord(title.substr(at + start.size()), start);
}

class IcdCodesTest : public testing::Test {
 protected:
  IcdCodesTest()
      : codes_(AllCodes()), table_(*std::move(CodeTable::BuiltIn())) {}

  void SetUp() override {
    if (codes_.empty()) GTEST_SKIP() << "no ICD-10-CM list in $SUBROSA_DATA";
  }

  const CodeRule& RuleFor(const std::string& code) const {
    return *table_.Find(kIcd10Cm, code);
  }

  const std::vector<Code> codes_;
  const CodeTable table_;
};

TEST_F(IcdCodesTest, EveryCodeMeetsARuleOfItsOwnChapter) {
  ASSERT_GT(codes_.size(), 90000u);
  for (const Code& code : codes_) {
    EXPECT_NE(RuleFor(code.code).id, "icd-10-cm/other") << code.code;
  }
}

// Blocks whose every code has at least one of these labels.
TEST_F(IcdCodesTest, EveryCodeHasALabelOfItsBlock) {
  struct Block {
    absl::string_view first, last;
    LabelSet labels;
  };
  const Block blocks[] = {
      {"A00", "B99",
       AnyOf({v1::HEALTH_LABEL_INFECTION, v1::HEALTH_LABEL_HIV,
              v1::HEALTH_LABEL_PREGNANCY})},
      {"B20", "B20", AnyOf({v1::HEALTH_LABEL_HIV})},
      {"C00", "D49", AnyOf({v1::HEALTH_LABEL_ONCOLOGY})},
      {"D50", "D89", AnyOf({v1::HEALTH_LABEL_BLOOD})},
      {"E00", "E89",
       AnyOf({v1::HEALTH_LABEL_METABOLIC, v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"F01", "F09", AnyOf({v1::HEALTH_LABEL_NEUROLOGICAL})},
      {"F10", "F19", AnyOf({v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"F20", "F48", AnyOf({v1::HEALTH_LABEL_MENTAL_HEALTH})},
      {"F30", "F39", AnyOf({v1::HEALTH_LABEL_MOOD})},
      {"F50", "F50", AnyOf({v1::HEALTH_LABEL_EATING})},
      {"F64", "F64", AnyOf({v1::HEALTH_LABEL_GENDER_IDENTITY})},
      {"F70", "F98", AnyOf({v1::HEALTH_LABEL_NEURODEVELOPMENT})},
      {"G00", "G99",
       AnyOf({v1::HEALTH_LABEL_NEUROLOGICAL, v1::HEALTH_LABEL_SLEEP,
              v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"H00", "H95", AnyOf({v1::HEALTH_LABEL_SENSES})},
      {"I00", "I99",
       AnyOf(
           {v1::HEALTH_LABEL_CARDIOVASCULAR, v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"J00", "J99", AnyOf({v1::HEALTH_LABEL_RESPIRATORY})},
      {"K00", "K14", AnyOf({v1::HEALTH_LABEL_ORAL})},
      {"K20", "K95",
       AnyOf({v1::HEALTH_LABEL_DIGESTIVE, v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"L00", "L99", AnyOf({v1::HEALTH_LABEL_SKIN})},
      {"M00", "M99", AnyOf({v1::HEALTH_LABEL_MUSCULOSKELETAL})},
      {"N00", "N39", AnyOf({v1::HEALTH_LABEL_RENAL})},
      {"O00", "O9A",
       AnyOf({v1::HEALTH_LABEL_PREGNANCY, v1::HEALTH_LABEL_HIV,
              v1::HEALTH_LABEL_SUBSTANCE_USE, v1::HEALTH_LABEL_ABUSE})},
      {"P00", "Q99",
       AnyOf({v1::HEALTH_LABEL_CONGENITAL, v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"S00", "S99", AnyOf({v1::HEALTH_LABEL_INJURY})},
      {"T36", "T65",
       AnyOf({v1::HEALTH_LABEL_INJURY, v1::HEALTH_LABEL_CRISIS,
              v1::HEALTH_LABEL_SUBSTANCE_USE})},
      {"T74", "T74", AnyOf({v1::HEALTH_LABEL_ABUSE})},
      {"X71", "X83", AnyOf({v1::HEALTH_LABEL_CRISIS})},
      {"Z30", "Z30", AnyOf({v1::HEALTH_LABEL_CONTRACEPTION})},
      {"Z34", "Z39",
       AnyOf({v1::HEALTH_LABEL_PREGNANCY, v1::HEALTH_LABEL_CONGENITAL})},
  };
  for (const Code& code : codes_) {
    const absl::string_view category(code.code.data(), 3);
    for (const Block& block : blocks) {
      if (category < block.first || category > block.last) continue;
      const CodeRule& rule = RuleFor(code.code);
      EXPECT_FALSE((rule.adds.labels & block.labels).empty())
          << code.code << " in " << block.first << " met " << rule.id;
    }
  }
}

// Words whose codes are the most sensitive, wherever they stand in the system.
TEST_F(IcdCodesTest, SensitiveWordsInATitleLeadToTheirLabel) {
  struct Word {
    absl::string_view word, but_not;
    LabelSet labels;
  };
  const LabelSet substance_use =
      AnyOf({v1::HEALTH_LABEL_SUBSTANCE_USE, v1::HEALTH_LABEL_CRISIS});
  const Word words[] = {
      {"intentional self-harm", "", AnyOf({v1::HEALTH_LABEL_CRISIS})},
      {"suicid", "terrorism", AnyOf({v1::HEALTH_LABEL_CRISIS})},
      {"human immunodeficiency virus", "", AnyOf({v1::HEALTH_LABEL_HIV})},
      {"alcohol abuse", "", substance_use},
      {"alcoholic", "", substance_use},
      {"opioid", "", substance_use},
      {"nicotine", "", substance_use},
      {"contracepti", "in pregnancy",
       AnyOf({v1::HEALTH_LABEL_CONTRACEPTION, v1::HEALTH_LABEL_INJURY,
              v1::HEALTH_LABEL_CRISIS})},
      {"sexual abuse", "", AnyOf({v1::HEALTH_LABEL_ABUSE})},
      {"eating disorder", "", AnyOf({v1::HEALTH_LABEL_EATING})},
      {"transsexual", "", AnyOf({v1::HEALTH_LABEL_GENDER_IDENTITY})},
      {"depressive", "", AnyOf({v1::HEALTH_LABEL_MENTAL_HEALTH})},
  };
  for (const Code& code : codes_) {
    for (const Word& word : words) {
      if (!HasWord(code.title, word.word)) continue;
      if (!word.but_not.empty() && HasWord(code.title, word.but_not)) continue;
      const CodeRule& rule = RuleFor(code.code);
      EXPECT_FALSE((rule.adds.labels & word.labels).empty())
          << code.code << " (" << code.title << ") met " << rule.id;
    }
  }
}

TEST_F(IcdCodesTest, WordsOfReproductionLeadToTheirCategory) {
  const absl::string_view words[] = {"pregnan",  "abortion", "ovar",
                                     "testicul", "infertil", "menopaus",
                                     "uter",     "vagin",    "childbirth"};
  for (const Code& code : codes_) {
    // What was before their birth is told of newborns, not of parents.
    if (code.code[0] == 'P' || absl::StartsWith(code.code, "Z38")) continue;
    if (HasWord(code.title, "not associated with")) continue;
    for (const absl::string_view word : words) {
      if (!HasWord(code.title, word)) continue;
      const CodeRule& rule = RuleFor(code.code);
      EXPECT_TRUE(
          rule.adds.categories.Has(v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL))
          << code.code << " (" << code.title << ") met " << rule.id;
    }
  }
}

TEST_F(IcdCodesTest, SymptomsAreBodilyFunctionsAndSocialNeedsAreNoDiagnosis) {
  const CategorySet expected =
      Any({v1::HEALTH_CATEGORY_BODILY_FUNCTIONS,
           v1::HEALTH_CATEGORY_DIAGNOSTICS, v1::HEALTH_CATEGORY_CONDITIONS,
           v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL});
  for (const Code& code : codes_) {
    const Classification& adds = RuleFor(code.code).adds;
    if (code.code[0] == 'R') {
      EXPECT_FALSE((adds.categories & expected).empty()) << code.code;
    }
    if (absl::StartsWith(code.code, "Z59")) {
      EXPECT_FALSE(adds.categories.Has(v1::HEALTH_CATEGORY_CONDITIONS))
          << code.code;
    }
  }
}

}  // namespace
}  // namespace subrosa
