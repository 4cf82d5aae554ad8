#include "src/classify/name_rules.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/kind_columns.h"
#include "src/classify/names/built_in.h"

namespace subrosa {
namespace {

constexpr double kTellsByItself = 0.9;
constexpr double kSettledByNeighbors = 0.8;
constexpr double kOpen = 0.4;

// The longest run of words that a rule names.
constexpr size_t kMaxRun = 5;

}  // namespace

// What one run of words leads to.
struct NameEntry {
  int rule = -1;
  bool tells_by_itself = true;
  bool only_alone = false;  // Only where it is the whole name.
};

struct NameRules::Rep {
  std::vector<NameRule> rules;

  // By rule: words that settle a word of many meanings, and the kinds of value
  // that fit (none listed: all).
  std::vector<absl::flat_hash_set<std::string>> near;
  std::vector<std::vector<NamedValue>> values;

  // Words with one space between.
  absl::flat_hash_map<std::string, NameEntry> runs;

  // The same for whole names; looked up first.
  absl::flat_hash_map<std::string, NameEntry> alone;

  // A last word that says that the field is about the thing named before it.
  absl::flat_hash_set<std::string> tails;

  const NameEntry* Find(const std::string& run, bool is_whole_name) const {
    if (is_whole_name) {
      if (const auto found = alone.find(run); found != alone.end()) {
        return &found->second;
      }
    }
    const auto found = runs.find(run);
    return found == runs.end() ? nullptr : &found->second;
  }

  bool Fits(int rule, NamedValue value) const {
    return value == NamedValue::kUnknown || values[rule].empty() ||
           std::find(values[rule].begin(), values[rule].end(), value) !=
               values[rule].end();
  }
};

namespace {

// "symptoms" is "symptom"; "address", "diagnosis" and "status" stay.
std::string Singular(const std::string& word) {
  const size_t size = word.size();
  if (size < 4 || word[size - 1] != 's') return word;
  const char before = word[size - 2];
  if (before == 's' || before == 'i' || before == 'u') return word;
  if (size > 4 && before == 'e' && word[size - 3] == 'i') {
    return word.substr(0, size - 3) + "y";
  }
  return word.substr(0, size - 1);
}

}  // namespace

// Reads the file of rules. A class so that errors can name the line.
class NameRulesFile {
 public:
  explicit NameRulesFile(NameRules::Rep* rep) : rep_(rep) {}

  absl::Status ReadLine(absl::string_view line) {
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    const absl::string_view keyword = columns[0];
    if (keyword == "rule" && columns.size() >= 5) return Rule(columns);
    if (columns.size() != 2) {
      return WantInRules("a known keyword with its columns", keyword);
    }
    const absl::string_view rest = columns[1];
    if (keyword == "source") {
      source_ = std::string(rest);
      return absl::OkStatus();
    }
    if (keyword == "year") {
      return absl::SimpleAtoi(rest, &year_) ? absl::OkStatus()
                                            : WantInRules("a year", rest);
    }
    if (keyword == "tail") {
      for (const absl::string_view word : Split(rest)) {
        rep_->tails.insert(std::string(word));
      }
      return absl::OkStatus();
    }
    if (rep_->rules.empty()) return WantInRules("a rule before", keyword);
    if (keyword == "names") return Names(rest, NameEntry());
    if (keyword == "maybe") return Names(rest, {-1, false, false});
    if (keyword == "alone") return Names(rest, {-1, false, true});
    if (keyword == "near") {
      for (const absl::string_view word : Split(rest)) {
        rep_->near.back().insert(std::string(word));
      }
      return absl::OkStatus();
    }
    if (keyword == "values") return Values(rest);
    if (keyword == "is") return Is(rest);
    if (keyword == "system") {
      rep_->rules.back().code_system = std::string(rest);
      return absl::OkStatus();
    }
    return WantInRules("a known keyword with its columns", keyword);
  }

  absl::Status CheckLastRule() const {
    if (rep_->rules.empty()) return WantInRules("at least one rule", "none");
    const NameRule& rule = rep_->rules.back();
    if (!named_) return WantInRules("names for each rule", rule.id);
    const bool says = !(rule.adds == Classification()) || rule.free_text ||
                      rule.role != v1::FIELD_ROLE_UNSPECIFIED;
    if (says == rule.not_personal) {
      return WantInRules("kinds, a role or free text; or not-personal alone",
                         rule.id);
    }
    return absl::OkStatus();
  }

 private:
  static std::vector<absl::string_view> Split(absl::string_view words) {
    return absl::StrSplit(words, ' ', absl::SkipEmpty());
  }

  absl::Status Rule(const std::vector<absl::string_view>& columns) {
    if (!rep_->rules.empty()) SUBROSA_RETURN_IF_ERROR(CheckLastRule());
    if (source_.empty() || year_ == 0) {
      return WantInRules("source and year before the first rule", columns[1]);
    }
    if (!IsRuleSlug(columns[1])) return WantInRules("a slug", columns[1]);
    NameRule rule;
    rule.id = absl::StrCat("name/", columns[1]);
    for (const NameRule& other : rep_->rules) {
      if (other.id == rule.id) {
        return WantInRules("each rule once", columns[1]);
      }
    }
    rule.title = std::string(columns[2]);
    if (rule.title.empty()) return WantInRules("a title", columns[2]);
    rule.source = source_;
    rule.year = year_;
    SUBROSA_RETURN_IF_ERROR(
        ReadKindColumns(absl::MakeConstSpan(columns).subspan(3), &rule.adds));
    rep_->rules.push_back(std::move(rule));
    rep_->near.emplace_back();
    rep_->values.emplace_back();
    named_ = false;
    return absl::OkStatus();
  }

  absl::Status Names(absl::string_view list, NameEntry entry) {
    entry.rule = static_cast<int>(rep_->rules.size()) - 1;
    for (const absl::string_view name : Split(list)) {
      const std::vector<std::string> words = WordsOfName(name);
      if (words.empty() || words.size() > kMaxRun) {
        return WantInRules("names of 1 to 5 words", name);
      }
      named_ = true;
      const std::string run = absl::StrJoin(words, " ");
      auto& runs = entry.only_alone ? rep_->alone : rep_->runs;
      if (!runs.emplace(run, entry).second) {
        return WantInRules("each name once", name);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Values(absl::string_view list) {
    static constexpr std::pair<absl::string_view, NamedValue> kValues[] = {
        {"text", NamedValue::kText},   {"number", NamedValue::kNumber},
        {"bool", NamedValue::kBool},   {"time", NamedValue::kTime},
        {"bytes", NamedValue::kBytes},
    };
    for (const absl::string_view word : Split(list)) {
      const auto* value =
          std::find_if(std::begin(kValues), std::end(kValues),
                       [&](const auto& each) { return each.first == word; });
      if (value == std::end(kValues)) {
        return WantInRules("text, number, bool, time or bytes", word);
      }
      rep_->values.back().push_back(value->second);
    }
    return absl::OkStatus();
  }

  absl::Status Is(absl::string_view what) {
    static constexpr std::pair<absl::string_view, v1::FieldRole> kRoles[] = {
        {"consumer", v1::FIELD_ROLE_CONSUMER},
        {"record-id", v1::FIELD_ROLE_RECORD_ID},
        {"effective", v1::FIELD_ROLE_EFFECTIVE},
        {"code-system", v1::FIELD_ROLE_CODE_SYSTEM},
        {"code", v1::FIELD_ROLE_CODE},
        {"code-display", v1::FIELD_ROLE_CODE_DISPLAY},
    };
    NameRule& rule = rep_->rules.back();
    if (what == "free-text" || what == "not-personal") {
      (what == "free-text" ? rule.free_text : rule.not_personal) = true;
      return absl::OkStatus();
    }
    for (const auto& [name, role] : kRoles) {
      if (what != name) continue;
      rule.role = role;
      return absl::OkStatus();
    }
    return WantInRules("free-text, not-personal or a role", what);
  }

  NameRules::Rep* rep_;
  std::string source_;
  int year_ = 0;
  bool named_ = true;  // The last rule has a name.
};

std::vector<std::string> WordsOfName(absl::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!absl::ascii_isalnum(c)) {
      end_word();
      continue;
    }
    const char before = i > 0 ? name[i - 1] : ' ';
    const char after = i + 1 < name.size() ? name[i + 1] : ' ';
    const bool starts =
        absl::ascii_isdigit(c) != absl::ascii_isdigit(before) ||
        (absl::ascii_isupper(c) &&
         (absl::ascii_islower(before) ||
          (absl::ascii_isupper(before) && absl::ascii_islower(after))));
    if (starts) end_word();
    word.push_back(absl::ascii_tolower(c));
  }
  end_word();
  return words;
}

NameRules::NameRules(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
NameRules::NameRules(NameRules&&) noexcept = default;
NameRules& NameRules::operator=(NameRules&&) noexcept = default;
NameRules::~NameRules() = default;

absl::StatusOr<NameRules> NameRules::BuiltIn() {
  absl::StatusOr<NameRules> rules = Parse("name_rules.tsv", kBuiltInNameRules);
  if (!rules.ok()) return absl::InternalError(rules.status().message());
  return rules;
}

absl::StatusOr<NameRules> NameRules::Parse(absl::string_view name,
                                           absl::string_view text) {
  auto rep = std::make_unique<Rep>();
  NameRulesFile file(rep.get());
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    SUBROSA_RETURN_IF_ERROR(
        Annotate(file.ReadLine(line), absl::StrCat(name, ":", number)));
  }
  SUBROSA_RETURN_IF_ERROR(Annotate(file.CheckLastRule(), name));
  // "zip code" is known as "zipcode" too, unless that is a name by itself.
  std::vector<std::pair<std::string, NameEntry>> joined;
  for (const auto& [run, entry] : rep->runs) {
    if (run.find(' ') == std::string::npos) continue;
    joined.emplace_back(absl::StrJoin(absl::StrSplit(run, ' '), ""), entry);
  }
  std::sort(joined.begin(), joined.end(), [](const auto& a, const auto& b) {
    return a.second.rule != b.second.rule ? a.second.rule < b.second.rule
                                          : a.first < b.first;
  });
  for (auto& [run, entry] : joined) rep->runs.emplace(std::move(run), entry);
  return NameRules(std::move(rep));
}

std::vector<NameMatch> NameRules::Read(const FieldName& field) const {
  if (field.name.size() > kMaxNameBytes) return {};
  const std::vector<std::string> words = WordsOfName(field.name);
  if (words.empty() || words.size() > kMaxWords) return {};

  // Longest runs first; of equal ones the last in the name.
  struct Taken {
    size_t first, size;
    NameEntry entry;
  };
  std::vector<Taken> all_taken;
  std::vector<bool> used(words.size(), false);
  const auto take = [&](size_t first, size_t size, const std::string& run) {
    const NameEntry* entry = rep_->Find(run, size == words.size());
    if (entry == nullptr || !rep_->Fits(entry->rule, field.value)) return false;
    std::fill_n(used.begin() + first, size, true);
    all_taken.push_back({first, size, *entry});
    return true;
  };
  // The whole name may be one word to a rule and three to us: "DoB".
  const bool is_one = take(0, words.size(), absl::StrJoin(words, ""));
  for (size_t size = std::min(kMaxRun, words.size()); size > 0 && !is_one;
       --size) {
    for (size_t first = words.size() - size + 1; first-- > 0;) {
      if (std::any_of(used.begin() + first, used.begin() + first + size,
                      [](bool is_used) { return is_used; })) {
        continue;
      }
      std::vector<std::string> run(words.begin() + first,
                                   words.begin() + first + size);
      if (take(first, size, absl::StrJoin(run, " "))) continue;
      run.back() = Singular(run.back());
      take(first, size, absl::StrJoin(run, " "));
    }
  }
  const bool is_about =
      words.size() > 1 && !used.back() && rep_->tails.contains(words.back());

  absl::flat_hash_set<std::string> around;
  const auto see = [&](absl::string_view name) {
    if (name == field.name || name.size() > kMaxNameBytes) return;
    for (std::string& word : WordsOfName(name)) {
      around.insert(Singular(word));
      around.insert(std::move(word));
    }
  };
  see(field.parent);
  for (const absl::string_view sibling : field.siblings) see(sibling);
  around.insert(words.begin(), words.end());

  std::vector<NameMatch> matches;
  std::stable_sort(
      all_taken.begin(), all_taken.end(),
      [](const Taken& a, const Taken& b) { return a.first > b.first; });
  for (const Taken& taken : all_taken) {
    const NameRule& rule = rep_->rules[taken.entry.rule];
    if (is_about && rule.adds.categories.empty() && !rule.free_text) continue;
    NameMatch match;
    match.rule = &rule;
    match.score = kTellsByItself;
    if (!taken.entry.tells_by_itself) {
      const auto& near = rep_->near[taken.entry.rule];
      match.score = std::any_of(near.begin(), near.end(),
                                [&](const std::string& word) {
                                  return around.contains(word);
                                })
                        ? kSettledByNeighbors
                        : kOpen;
    }
    match.words = absl::StrJoin(words.begin() + taken.first,
                                words.begin() + taken.first + taken.size, "_");
    matches.push_back(std::move(match));
  }
  std::stable_sort(
      matches.begin(), matches.end(),
      [](const NameMatch& a, const NameMatch& b) { return a.score > b.score; });
  const auto is_harmless = [](const NameMatch& match) {
    return match.rule->not_personal;
  };
  const auto harmless =
      std::find_if(matches.begin(), matches.end(), is_harmless);
  if (harmless == matches.end()) return matches;
  const bool is_likely_more =
      std::any_of(matches.begin(), matches.end(), [&](const NameMatch& match) {
        return !is_harmless(match) && match.score >= kLikely;
      });
  if (!is_likely_more) return {*harmless};
  matches.erase(std::remove_if(matches.begin(), matches.end(), is_harmless),
                matches.end());
  return matches;
}

size_t NameRules::size() const { return rep_->rules.size(); }

}  // namespace subrosa
