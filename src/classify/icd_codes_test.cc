// Every code of ICD-10-CM 2021, against tables of its blocks from A to Z, one
// of categories and one of labels, and against a list of words in the codes'
// titles: all written here, by the classification's own order, and not from the
// rules, which go by subject.
//
// The code list is not ours to ship: it is read from $SUBROSA_DATA, by default
// ../shared/data beside the checkout, and the test is skipped where it is
// absent.

#include <algorithm>
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

TEST_F(IcdCodesTest, EveryCodeMeetsARuleOfItsOwn) {
  ASSERT_GT(codes_.size(), 90000u);
  for (const Code& code : codes_) {
    EXPECT_NE(RuleFor(code.code).id, "icd-10-cm/other") << code.code;
  }
}

// The categories that letters stand for.
CategorySet CategoriesOf(absl::string_view letters) {
  constexpr std::pair<char, v1::HealthCategory> kLetters[] = {
      {'A', v1::HEALTH_CATEGORY_GENDER_AFFIRMING_CARE},
      {'B', v1::HEALTH_CATEGORY_BODILY_FUNCTIONS},
      {'C', v1::HEALTH_CATEGORY_CONDITIONS},
      {'D', v1::HEALTH_CATEGORY_DIAGNOSTICS},
      {'G', v1::HEALTH_CATEGORY_GENETIC},
      {'I', v1::HEALTH_CATEGORY_INTERVENTIONS},
      {'M', v1::HEALTH_CATEGORY_MEDICATION},
      {'P', v1::HEALTH_CATEGORY_PROCEDURES},
      {'R', v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL},
      {'S', v1::HEALTH_CATEGORY_SEEKING_SERVICES},
  };
  CategorySet set;
  for (const auto& [letter, category] : kLetters) {
    if (letters.find(letter) != letters.npos) set.Add(category);
  }
  return set;
}

// What every code of a block is, and nothing else: the whole system, each
// three-character category once.
struct CategoryBlock {
  absl::string_view first, last, letters;
};
constexpr CategoryBlock kCategoryBlocks[] = {
    {"A00", "A33", "C"},  {"A34", "A34", "CR"}, {"A35", "A49", "C"},
    {"A50", "A64", "CR"}, {"A65", "B99", "C"},  {"C00", "C50", "C"},
    {"C51", "C58", "CR"}, {"C60", "C63", "CR"}, {"C64", "C96", "C"},
    {"D00", "D05", "C"},  {"D06", "D07", "CR"}, {"D08", "D24", "C"},
    {"D25", "D29", "CR"}, {"D30", "D38", "C"},  {"D39", "D39", "CR"},
    {"D3A", "D3A", "C"},  {"D40", "D40", "CR"}, {"D41", "D89", "C"},
    {"E00", "E27", "C"},  {"E28", "E30", "CR"}, {"E31", "E89", "C"},
    {"F01", "F50", "C"},  {"F51", "F51", "BC"}, {"F52", "F53", "CR"},
    {"F54", "F63", "C"},  {"F64", "F64", "AC"}, {"F65", "F66", "CR"},
    {"F68", "F99", "C"},  {"G00", "G46", "C"},  {"G47", "G47", "BC"},
    {"G50", "G99", "C"},  {"H00", "N39", "C"},  {"N40", "N53", "CR"},
    {"N60", "N65", "C"},  {"N70", "N98", "CR"}, {"N99", "N99", "C"},
    {"O00", "O9A", "CR"}, {"P00", "Q49", "C"},  {"Q50", "Q56", "CR"},
    {"Q60", "Q89", "C"},  {"Q90", "Q99", "CG"}, {"R00", "R36", "B"},
    {"R37", "R37", "CR"}, {"R38", "R39", "B"},  {"R40", "R46", "BC"},
    {"R47", "R62", "B"},  {"R63", "R63", "C"},  {"R64", "R69", "B"},
    {"R70", "R85", "BD"}, {"R86", "R87", "DR"}, {"R88", "R97", "BD"},
    {"R99", "R99", "B"},  {"S00", "Y99", "C"},  {"Z00", "Z04", "D"},
    {"Z05", "Z05", "C"},  {"Z08", "Z13", "D"},  {"Z14", "Z15", "CG"},
    {"Z16", "Z22", "C"},  {"Z23", "Z29", "P"},  {"Z30", "Z30", "R"},
    {"Z31", "Z37", "CR"}, {"Z38", "Z38", "C"},  {"Z39", "Z39", "CR"},
    {"Z3A", "Z3A", "CR"}, {"Z40", "Z46", "P"},  {"Z47", "Z47", "CP"},
    {"Z48", "Z48", "P"},  {"Z49", "Z49", "CP"}, {"Z51", "Z53", "P"},
    {"Z55", "Z66", "I"},  {"Z67", "Z67", "D"},  {"Z68", "Z68", "B"},
    {"Z69", "Z69", "C"},  {"Z70", "Z70", "CR"}, {"Z71", "Z71", "I"},
    {"Z72", "Z72", "B"},  {"Z73", "Z73", "C"},  {"Z74", "Z76", "S"},
    {"Z77", "Z78", "C"},  {"Z79", "Z79", "M"},  {"Z80", "Z91", "C"},
    {"Z92", "Z94", "P"},  {"Z95", "Z95", "C"},  {"Z96", "Z98", "P"},
    {"Z99", "Z99", "CS"},
};

// Codes within a block that are something else; `?` stands for any character.
struct CategoryException {
  absl::string_view begin, letters;
};
constexpr CategoryException kCategoryExceptions[] = {
    // Of the reproductive organs, in chapters by cause or by system.
    {"A740", "CR"},
    {"B373", "CR"},
    {"B374", "CR"},
    {"B977", "CR"},
    {"C796", "CR"},
    {"C7982", "CR"},
    {"E345", "CR"},
    {"E894", "CR"},
    {"E895", "CR"},
    {"N35021", "CR"},
    {"N992", "CR"},
    {"N993", "CR"},
    {"N9983", "CR"},
    {"R6882", "CR"},
    {"S302", "CR"},
    {"S308?2", "CR"},
    {"S308?3", "CR"},
    {"S308?4", "CR"},
    {"S308?5", "CR"},
    {"S308?6", "CR"},
    {"S3093", "CR"},
    {"S3094", "CR"},
    {"S3095", "CR"},
    {"S3096", "CR"},
    {"S3097", "CR"},
    {"S312", "CR"},
    {"S313", "CR"},
    {"S314", "CR"},
    {"S315", "CR"},
    {"S3553", "CR"},
    {"S374", "CR"},
    {"S375", "CR"},
    {"S376", "CR"},
    {"S3782", "CR"},
    {"S380", "CR"},
    {"S382", "CR"},
    {"T192", "CR"},
    {"T193", "CR"},
    {"T833", "CR"},
    {"T834", "CR"},
    {"T8362", "CR"},
    {"T8371", "CR"},
    {"T8372", "CR"},
    {"Y76", "CR"},
    {"Z014", "DR"},
    {"Z037", "CR"},
    {"Z113", "DR"},
    {"Z124", "DR"},
    {"Z127", "DR"},
    {"Z1502", "CGR"},
    {"Z1503", "CGR"},
    {"Z1504", "CGR"},
    {"Z202", "CR"},
    {"Z224", "CR"},
    {"Z4002", "PR"},
    {"Z4003", "PR"},
    {"Z437", "PR"},
    {"Z5281", "PR"},
    {"Z640", "CR"},
    {"Z641", "CR"},
    {"Z725", "CR"},
    {"Z780", "CR"},
    {"Z793", "MR"},
    {"Z79890", "CMR"},
    {"Z804", "CR"},
    {"Z854", "CR"},
    {"Z86001", "CR"},
    {"Z86002", "CR"},
    {"Z8619", "CR"},
    {"Z8741", "CR"},
    {"Z8742", "CR"},
    {"Z8743", "CR"},
    {"Z875", "CR"},
    {"Z9071", "CR"},
    {"Z9072", "CR"},
    {"Z920", "R"},
    {"Z975", "R"},
    {"Z985", "R"},
    {"Z9887", "PR"},
    {"Z98891", "PR"},
    // The ending of a pregnancy is a procedure too.
    {"O04", "CPR"},
    {"Z332", "CPR"},
    // Symptoms that are as good as a diagnosis.
    {"R41840", "C"},
    {"R4585", "C"},

    {"R620", "C"},
    {"R625", "C"},
    {"R780", "C"},
    {"R781", "C"},
    {"R782", "C"},
    {"R783", "C"},
    {"R784", "C"},
    {"R785", "C"},
    // Tests for what is held against people, and examinations after violence.
    {"R75", "CD"},
    {"Z0283", "CD"},
    {"Z114", "CD"},
    {"Z044", "C"},
    {"Z047", "C"},
    {"Z048", "C"},
    // Genes.
    {"Z137", "CG"},
    {"Z3143", "CGR"},
    {"Z3144", "CGR"},
    {"Z315", "CGR"},
    {"Z7183", "CG"},
    {"Z8481", "CG"},
    // Care that tells the condition, or is none.
    {"Z510", "CMP"},
    {"Z511", "CMP"},
    {"Z515", "I"},
    {"Z7981", "CMP"},
    {"Z9221", "CMP"},
    {"Z923", "CMP"},
    {"Z992", "CP"},
    {"Z9115", "CP"},
    {"Z740", "CS"},
    {"Z7682", "CS"},
    {"Z6281", "C"},
    {"Z658", "C"},
    {"Z713", "C"},
    {"Z714", "C"},
    {"Z715", "C"},
    {"Z716", "C"},
    {"Z717", "C"},
    {"Z7182", "B"},
    {"Z720", "C"},
    {"Z724", "C"},
    {"Z726", "C"},
    {"Z7281", "C"},
    {"Z7282", "BC"},
    {"Z87890", "AC"},
};

bool BeginsAs(absl::string_view code, absl::string_view begin) {
  if (code.size() < begin.size()) return false;
  for (size_t i = 0; i < begin.size(); ++i) {
    if (begin[i] != '?' && begin[i] != code[i]) return false;
  }
  return true;
}

TEST_F(IcdCodesTest, EveryCodeHasTheCategoriesOfItsBlock) {
  for (const Code& code : codes_) {
    const absl::string_view category(code.code.data(), 3);
    std::vector<absl::string_view> blocks;
    for (const CategoryBlock& block : kCategoryBlocks) {
      if (category >= block.first && category <= block.last) {
        blocks.push_back(block.letters);
      }
    }
    ASSERT_EQ(blocks.size(), 1u) << code.code;
    absl::string_view letters = blocks[0];
    size_t longest = 0;
    for (const CategoryException& exception : kCategoryExceptions) {
      if (exception.begin.size() > longest &&
          BeginsAs(code.code, exception.begin)) {
        longest = exception.begin.size();
        letters = exception.letters;
      }
    }
    const CodeRule& rule = RuleFor(code.code);
    EXPECT_TRUE(rule.adds.categories == CategoriesOf(letters))
        << code.code << " (" << code.title << ") met " << rule.id << ", want "
        << letters;
  }
}

TEST_F(IcdCodesTest, EachExceptionIsOfACodeThatTheListHas) {
  for (const CategoryException& exception : kCategoryExceptions) {
    EXPECT_TRUE(std::any_of(codes_.begin(), codes_.end(),
                            [&exception](const Code& code) {
                              return BeginsAs(code.code, exception.begin);
                            }))
        << exception.begin;
  }
}

// What mothers took says nothing of addiction unless it is what people are
// addicted to.
TEST_F(IcdCodesTest, OfANewbornsMotherOnlyDrugsOfDependenceAreSubstanceUse) {
  for (const Code& code : codes_) {
    if (!absl::StartsWith(code.code, "P04")) continue;
    bool expected = false;
    for (const absl::string_view word :
         {"opiate", "amphetamine", "sedative", "anxiolytic", "tobacco",
          "alcohol", "addiction", "cannabis", "cocaine", "hallucinogen"}) {
      expected |= absl::StrContains(code.title, word);
    }
    EXPECT_EQ(
        RuleFor(code.code).adds.labels.Has(v1::HEALTH_LABEL_SUBSTANCE_USE),
        expected)
        << code.code << " (" << code.title << ")";
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
      {"T15", "T34", AnyOf({v1::HEALTH_LABEL_INJURY, v1::HEALTH_LABEL_CRISIS})},
      {"V00", "X58", AnyOf({v1::HEALTH_LABEL_INJURY})},
      {"X92", "Y09", AnyOf({v1::HEALTH_LABEL_ABUSE})},
      {"Y21", "Y84", AnyOf({v1::HEALTH_LABEL_INJURY})},
      {"Y90", "Y90", AnyOf({v1::HEALTH_LABEL_SUBSTANCE_USE})},
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

}  // namespace
}  // namespace subrosa
