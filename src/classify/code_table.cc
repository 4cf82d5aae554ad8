#include "src/classify/code_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "src/base/status_macros.h"
#include "src/classify/code_rules.h"
#include "src/classify/codes/built_in.h"

namespace subrosa {

// One code system, ready for looking up.
//
// Ranges are flattened: `starts` cuts the ordered space of all codes into
// pieces, and each piece knows the narrowest rule that covers it.
struct CodeSystem {
  struct Piece {
    std::string start;
    int rule = -1;
  };

  std::string slug;
  bool upper = false;
  bool drop_dots = false;
  bool (*is_code)(absl::string_view) = nullptr;  // Null where any may be one.
  absl::flat_hash_map<std::string, int> exact;
  std::vector<CodePattern> qualified;  // Ranges with one character fixed.
  std::string qualified_first;         // All of them lie from here,
  std::string qualified_after;         // included, to here, excluded.
  std::vector<Piece> pieces;           // By start.
  int whole = -1;

  int Find(absl::string_view code) const;
};

struct CodeTable::Rep {
  std::vector<CodeRule> rules;
  std::vector<CodeSystem> systems;
  absl::flat_hash_map<std::string, int> by_uri;  // Or by slug.
};

int CodeSystem::Find(absl::string_view code) const {
  if (is_code != nullptr && !is_code(code)) return -1;
  char written[CodeTable::kMaxCodeBytes];
  if (upper || drop_dots) {
    size_t size = 0;
    for (const char c : code) {
      if (drop_dots && c == '.') continue;
      written[size++] = upper ? absl::ascii_toupper(c) : c;
    }
    code = absl::string_view(written, size);
  }
  if (code.empty()) return whole;
  if (const auto found = exact.find(code); found != exact.end()) {
    return found->second;
  }
  if (code < qualified_after && code >= qualified_first) {
    for (const CodePattern& pattern : qualified) {
      if (pattern.Covers(code)) return pattern.rule;
    }
  }
  const auto after =
      std::upper_bound(pieces.begin(), pieces.end(), code,
                       [](absl::string_view wanted, const Piece& piece) {
                         return wanted < absl::string_view(piece.start);
                       });
  if (after != pieces.begin() && std::prev(after)->rule >= 0) {
    return std::prev(after)->rule;
  }
  return whole;
}

namespace {

// Cuts `ranges` into pieces. The narrowest range that covers a piece has it:
// ranges nest, so it is the one that began last.
absl::Status Flatten(std::vector<CodePattern> ranges,
                     std::vector<CodeSystem::Piece>* pieces) {
  std::sort(ranges.begin(), ranges.end(),
            [](const CodePattern& a, const CodePattern& b) {
              return a.first != b.first ? a.first < b.first : a.after > b.after;
            });
  std::vector<const CodePattern*> open;
  const auto cut = [pieces](const std::string& start, int rule) {
    if (!pieces->empty() && pieces->back().start == start) pieces->pop_back();
    pieces->push_back({start, rule});
  };
  const auto close = [&] {
    const CodePattern* closed = open.back();
    open.pop_back();
    cut(closed->after, open.empty() ? -1 : open.back()->rule);
  };
  for (const CodePattern& range : ranges) {
    while (!open.empty() && open.back()->after <= range.first) close();
    if (!open.empty()) {
      const CodePattern& outer = *open.back();
      if (outer.first == range.first && outer.after == range.after) {
        return absl::InvalidArgumentError(
            absl::StrCat(range.place, ": want each range once, got the one of ",
                         outer.place, " again"));
      }
      if (outer.after < range.after) {
        return absl::InvalidArgumentError(absl::StrCat(
            range.place, ": want ranges apart or nested, got an overlap with ",
            outer.place));
      }
    }
    cut(range.first, range.rule);
    open.push_back(&range);
  }
  while (!open.empty()) close();
  return absl::OkStatus();
}

// Adds what `file` declares to `systems` and `by_uri`.
absl::Status AddSystem(const CodeSystemFile& file, int first_rule,
                       std::vector<CodeSystem>* systems,
                       absl::flat_hash_map<std::string, int>* by_uri) {
  CodeSystem system;
  system.upper = file.upper;
  system.drop_dots = file.drop_dots;
  system.is_code = file.is_code;
  std::vector<CodePattern> ranges;
  for (CodePattern pattern : file.patterns) {
    pattern.rule += first_rule;
    switch (pattern.shape) {
      case CodePattern::kWhole:
        if (system.whole >= 0) {
          return absl::InvalidArgumentError(absl::StrCat(
              pattern.place, ": want one rule for `*`, got a second"));
        }
        system.whole = pattern.rule;
        break;
      case CodePattern::kExact:
        if (!system.exact.emplace(pattern.first, pattern.rule).second) {
          return absl::InvalidArgumentError(absl::StrCat(
              pattern.place, ": want each code once, got it again"));
        }
        break;
      case CodePattern::kRange:
        if (pattern.position > 0) {
          if (system.qualified.empty() ||
              pattern.first < system.qualified_first) {
            system.qualified_first = pattern.first;
          }
          system.qualified_after =
              std::max(system.qualified_after, pattern.after);
          system.qualified.push_back(std::move(pattern));
        } else {
          ranges.push_back(std::move(pattern));
        }
        break;
    }
  }
  SUBROSA_RETURN_IF_ERROR(Flatten(std::move(ranges), &system.pieces));
  std::vector<std::string> names = file.uris;
  names.push_back(file.system);
  for (const std::string& name : names) {
    if (!by_uri->emplace(name, static_cast<int>(systems->size())).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          file.name, ": want each system's uri in one file, got it again"));
    }
  }
  system.slug = file.system;
  systems->push_back(std::move(system));
  return absl::OkStatus();
}

}  // namespace

CodeTable::CodeTable(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
CodeTable::CodeTable(CodeTable&&) noexcept = default;
CodeTable& CodeTable::operator=(CodeTable&&) noexcept = default;
CodeTable::~CodeTable() = default;

absl::StatusOr<CodeTable> CodeTable::BuiltIn() {
  std::vector<Source> sources;
  for (size_t i = 0; i < kBuiltInCodesCount; ++i) {
    sources.push_back({kBuiltInCodes[i].name, kBuiltInCodes[i].text});
  }
  absl::StatusOr<CodeTable> table = Parse(sources);
  if (!table.ok()) {
    return absl::InternalError(table.status().message());
  }
  return table;
}

absl::StatusOr<CodeTable> CodeTable::Parse(absl::Span<const Source> sources) {
  auto rep = std::make_unique<Rep>();
  for (const Source& source : sources) {
    SUBROSA_ASSIGN_OR_RETURN(CodeSystemFile file,
                             ParseCodeRules(source.name, source.text));
    SUBROSA_RETURN_IF_ERROR(AddSystem(file, static_cast<int>(rep->rules.size()),
                                      &rep->systems, &rep->by_uri));
    for (CodeRule& rule : file.rules) rep->rules.push_back(std::move(rule));
  }
  return CodeTable(std::move(rep));
}

const CodeRule* CodeTable::Find(absl::string_view system,
                                absl::string_view code) const {
  if (system.size() > kMaxSystemBytes || code.size() > kMaxCodeBytes) {
    return nullptr;
  }
  const auto known = rep_->by_uri.find(system);
  if (known == rep_->by_uri.end()) return nullptr;
  const int rule = rep_->systems[known->second].Find(code);
  return rule < 0 ? nullptr : &rep_->rules[rule];
}

bool CodeTable::HasSystem(absl::string_view system) const {
  return rep_->by_uri.contains(system);
}

std::vector<absl::string_view> CodeTable::systems() const {
  std::vector<absl::string_view> slugs;
  for (const CodeSystem& system : rep_->systems) slugs.push_back(system.slug);
  return slugs;
}

size_t CodeTable::size() const { return rep_->rules.size(); }

absl::Span<const CodeRule> CodeTable::rules() const { return rep_->rules; }

std::string SourceText(const CodeRule& rule) {
  return absl::StrCat(rule.source, ", ", rule.year,
                      rule.unverified
                          ? "; this number was compared with no public source: "
                            "check it before relying on it"
                          : "");
}

}  // namespace subrosa
