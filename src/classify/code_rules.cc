#include "src/classify/code_rules.h"

#include <functional>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/classify/code_shape.h"
#include "src/classify/kind_columns.h"

namespace subrosa {
namespace {

constexpr absl::string_view kUnverified = "unverified";

class Reader {
 public:
  explicit Reader(absl::string_view name) { file_.name = std::string(name); }

  absl::Status ReadLine(absl::string_view line, absl::string_view place) {
    place_ = std::string(place);
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    const absl::string_view keyword = columns[0];
    const auto takes = [&](size_t least, size_t most) {
      return columns.size() - 1 >= least && columns.size() - 1 <= most;
    };
    if (keyword == "rule" && takes(4, 7)) return Rule(columns);
    if (keyword == "uncoded" && takes(2, 5)) return Uncoded(columns);
    if (keyword == "codes" && takes(1, 1)) return Codes(columns[1]);
    if (keyword == "code" && takes(1, 3)) return ListedCode(columns);
    if (keyword == "origin" && takes(3, 3)) return AddOrigin(columns);
    if (takes(1, 1)) {
      if (keyword == "system") return System(columns[1]);
      if (keyword == "uri") return Uri(columns[1]);
      if (keyword == "spelling") return Spelling(columns[1]);
      if (keyword == "form") return Form(columns[1]);
      if (keyword == "source") return Source(columns[1]);
      if (keyword == "year") return Year(columns[1]);
    }
    return absl::InvalidArgumentError(
        absl::StrCat("want a known keyword with its columns, got `", keyword,
                     "` with ", columns.size() - 1));
  }

  absl::StatusOr<CodeSystemFile> Finish() && {
    if (file_.system.empty()) return WantInRules("a system", "nothing");
    if (file_.uris.empty()) return WantInRules("a uri", "nothing");
    SUBROSA_RETURN_IF_ERROR(CheckLastRuleIsUsed());
    return std::move(file_);
  }

 private:
  absl::Status System(absl::string_view slug) {
    if (!IsRuleSlug(slug)) return WantInRules("a slug", slug);
    if (!file_.system.empty()) return WantInRules("one system a file", slug);
    file_.system = std::string(slug);
    return absl::OkStatus();
  }

  absl::Status Uri(absl::string_view uri) {
    if (uri.empty() || uri.size() > CodeTable::kMaxSystemBytes) {
      return WantInRules("a uri of 1 to 256 bytes", uri);
    }
    file_.uris.emplace_back(uri);
    return absl::OkStatus();
  }

  absl::Status Spelling(absl::string_view spelling) {
    if (spelling != "upper-case-without-dots") {
      return WantInRules("`upper-case-without-dots`", spelling);
    }
    file_.upper = file_.drop_dots = true;
    return absl::OkStatus();
  }

  absl::Status Form(absl::string_view form) {
    if (form != "ndc") return WantInRules("`ndc`", form);
    file_.is_code = IsNdcCode;
    return absl::OkStatus();
  }

  absl::Status Source(absl::string_view source) {
    source_ = std::string(source);
    return absl::OkStatus();
  }

  absl::Status Year(absl::string_view year) { return ReadYear(year, &year_); }

  static absl::Status ReadYear(absl::string_view text, int* year) {
    if (!absl::SimpleAtoi(text, year) || *year < 1900 || *year > 2200) {
      return WantInRules("a year", text);
    }
    return absl::OkStatus();
  }

  // Where single codes were compared. From then on each code names one.
  absl::Status AddOrigin(const std::vector<absl::string_view>& columns) {
    Origin origin;
    if (!IsRuleSlug(columns[1]) || columns[1] == kUnverified) {
      return WantInRules("a slug that is not `unverified`", columns[1]);
    }
    if (columns[2].empty()) return WantInRules("a source", columns[2]);
    if (!file_.rules.empty()) {
      return WantInRules("origins before the first rule", columns[1]);
    }
    origin.source = std::string(columns[2]);
    SUBROSA_RETURN_IF_ERROR(ReadYear(columns[3], &origin.year));
    if (!origins_.emplace(columns[1], std::move(origin)).second) {
      return WantInRules("each origin once", columns[1]);
    }
    return absl::OkStatus();
  }

  absl::Status Rule(const std::vector<absl::string_view>& columns) {
    SUBROSA_RETURN_IF_ERROR(CheckLastRuleIsUsed());
    if (file_.system.empty() || source_.empty() || year_ == 0) {
      return WantInRules("system, source and year before the first rule",
                         columns[1]);
    }
    if (!IsRuleSlug(columns[1])) return WantInRules("a slug", columns[1]);
    CodeRule rule;
    rule.id = absl::StrCat(file_.system, "/", columns[1]);
    for (const CodeRule& other : file_.rules) {
      if (other.id == rule.id) return WantInRules("each rule once", columns[1]);
    }
    rule.title = std::string(columns[2]);
    if (rule.title.empty()) return WantInRules("a title", rule.title);
    rule.source = source_;
    rule.year = year_;
    SUBROSA_RETURN_IF_ERROR(
        ReadKindColumns(absl::MakeConstSpan(columns).subspan(3), &rule.adds));
    file_.rules.push_back(std::move(rule));
    rule_ = static_cast<int>(file_.rules.size()) - 1;
    by_origin_.clear();
    used_ = false;
    return absl::OkStatus();
  }

  absl::Status Uncoded(const std::vector<absl::string_view>& columns) {
    if (file_.rules.empty()) return WantInRules("a rule before", columns[0]);
    return ReadKindColumns(absl::MakeConstSpan(columns).subspan(1),
                           &file_.rules[rule_].adds_if_uncoded);
  }

  absl::Status Codes(absl::string_view codes) {
    for (const absl::string_view code :
         absl::StrSplit(codes, ' ', absl::SkipEmpty())) {
      SUBROSA_RETURN_IF_ERROR(Code(code, rule_));
    }
    return absl::OkStatus();
  }

  absl::Status ListedCode(const std::vector<absl::string_view>& columns) {
    if (file_.rules.empty()) return WantInRules("a rule before", columns[1]);
    if (origins_.empty() && columns.size() == 4) {
      return WantInRules("origins declared before they are named", columns[3]);
    }
    if (origins_.empty()) return Code(columns[1], rule_);
    const absl::string_view slug = columns.size() == 4 ? columns[3] : "";
    const auto origin = origins_.find(slug);
    if (origin == origins_.end() && slug != kUnverified) {
      return WantInRules("an origin of the file, or `unverified`", slug);
    }
    const auto [known, is_new] = by_origin_.emplace(
        std::string(slug), static_cast<int>(file_.rules.size()));
    if (is_new) {
      CodeRule rule = file_.rules[rule_];
      if (slug == kUnverified) {
        rule.unverified = true;
      } else {
        rule.source = absl::StrCat(rule.source, "; ", origin->second.source);
        rule.year = origin->second.year;
      }
      file_.rules.push_back(std::move(rule));
    }
    return Code(columns[1], known->second);
  }

  absl::Status Code(absl::string_view written, int rule) {
    if (file_.rules.empty()) return WantInRules("a rule before", written);
    used_ = true;
    CodePattern pattern;
    pattern.rule = rule;
    pattern.place = place_;
    if (written == "*") {
      pattern.shape = CodePattern::kWhole;
    } else {
      SUBROSA_RETURN_IF_ERROR(ReadPattern(written, &pattern));
    }
    file_.patterns.push_back(std::move(pattern));
    return absl::OkStatus();
  }

  // "F10", "F10*", "F10..F19", "T36..T50@6=2".
  absl::Status ReadPattern(absl::string_view written, CodePattern* pattern) {
    absl::string_view codes = written;
    if (const size_t at = written.find('@'); at != absl::string_view::npos) {
      const absl::string_view ask = written.substr(at + 1);
      if (ask.size() != 3 || !absl::ascii_isdigit(ask[0]) || ask[0] == '0' ||
          ask[1] != '=') {
        return WantInRules("`@position=character`", written);
      }
      pattern->position = ask[0] - '0';
      pattern->character = ask[2];
      codes = written.substr(0, at);
    }
    std::string last;
    if (const size_t dots = codes.find(".."); dots != absl::string_view::npos) {
      pattern->shape = CodePattern::kRange;
      pattern->first = Spell(codes.substr(0, dots));
      last = Spell(codes.substr(dots + 2));
    } else if (absl::EndsWith(codes, "*")) {
      pattern->shape = CodePattern::kRange;
      pattern->first = last = Spell(codes.substr(0, codes.size() - 1));
    } else {
      pattern->first = last = Spell(codes);
      if (pattern->position > 0)
        return WantInRules("a range before `@`", written);
    }
    if (pattern->first.empty() || last.empty() ||
        pattern->first.size() > CodeTable::kMaxCodeBytes ||
        last.size() > CodeTable::kMaxCodeBytes ||
        !absl::ascii_isalnum(last.back())) {
      return WantInRules(
          absl::StrCat("codes of 1 to ", CodeTable::kMaxCodeBytes, " bytes"),
          written);
    }
    pattern->after = last;
    ++pattern->after.back();  // Whatever starts with `last` comes before.
    if (pattern->first >= pattern->after) {
      return WantInRules("a range from low to high", written);
    }
    return absl::OkStatus();
  }

  std::string Spell(absl::string_view code) const {
    std::string spelled = file_.drop_dots
                              ? absl::StrReplaceAll(code, {{".", ""}})
                              : std::string(code);
    return file_.upper ? absl::AsciiStrToUpper(spelled) : spelled;
  }

  absl::Status CheckLastRuleIsUsed() const {
    if (used_) return absl::OkStatus();
    return WantInRules("codes for each rule", file_.rules[rule_].id);
  }

  struct Origin {
    std::string source;
    int year = 0;
  };

  CodeSystemFile file_;
  int rule_ = 0;  // The last rule's place, before its origins'.
  std::map<std::string, Origin, std::less<>> origins_;
  std::map<std::string, int> by_origin_;  // The last rule's, by slug.
  std::string place_;
  std::string source_;
  int year_ = 0;
  bool used_ = true;  // The last rule has a code.
};

}  // namespace

bool CodePattern::Covers(absl::string_view code) const {
  return code >= first && code < after &&
         (position == 0 ||
          (code.size() >= position && code[position - 1] == character));
}

absl::StatusOr<CodeSystemFile> ParseCodeRules(absl::string_view name,
                                              absl::string_view text) {
  Reader reader(name);
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::string place = absl::StrCat(name, ":", number);
    SUBROSA_RETURN_IF_ERROR(Annotate(reader.ReadLine(line, place), place));
  }
  absl::StatusOr<CodeSystemFile> file = std::move(reader).Finish();
  if (!file.ok()) return Annotate(file.status(), name);
  return file;
}

}  // namespace subrosa
