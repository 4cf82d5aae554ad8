#include "src/classify/byte_pattern.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"

namespace subrosa {

// Reads a pattern by recursive descent; each part gives its steps, with jumps
// relative to themselves, so that parts can be joined in either order.
class BytePatternParser {
 public:
  BytePatternParser(absl::string_view rest, bool caseless, BytePattern* pattern)
      : rest_(rest), caseless_(caseless), pattern_(pattern) {}

  absl::Status Parse() {
    SUBROSA_ASSIGN_OR_RETURN(Part all, ParseChoice());
    if (!rest_.empty()) return Error("the end");
    if (all.most_bytes > BytePattern::kMaxBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("pattern: want at most ", BytePattern::kMaxBytes,
                       " bytes, got ", all.most_bytes));
    }
    pattern_->steps_ = std::move(all.steps);
    pattern_->steps_.push_back({BytePattern::Op::kEnd, 0});
    return absl::OkStatus();
  }

 private:
  using Op = BytePattern::Op;

  struct Part {
    std::vector<BytePattern::Step> steps;
    size_t most_bytes = 0;
  };

  absl::Status Error(absl::string_view want) const {
    return absl::InvalidArgumentError(absl::StrCat(
        "pattern: want ", want, ", got `", rest_.substr(0, 8), "`"));
  }

  static void Append(const Part& part, Part* all) {
    all->steps.insert(all->steps.end(), part.steps.begin(), part.steps.end());
  }

  static uint16_t Distance(size_t steps) {
    return static_cast<uint16_t>(steps);
  }

  // a|b: split, a, jump over b, b.
  static Part Either(const Part& a, const Part& b) {
    Part either;
    either.steps.push_back({Op::kSplit, Distance(a.steps.size() + 2)});
    Append(a, &either);
    either.steps.push_back({Op::kJump, Distance(b.steps.size() + 1)});
    Append(b, &either);
    either.most_bytes = std::max(a.most_bytes, b.most_bytes);
    return either;
  }

  absl::StatusOr<Part> ParseChoice() {
    std::vector<Part> choices;
    do {
      SUBROSA_ASSIGN_OR_RETURN(Part choice, ParseSequence());
      choices.push_back(std::move(choice));
    } while (absl::ConsumePrefix(&rest_, "|"));
    Part all = std::move(choices.back());
    for (size_t i = choices.size() - 1; i-- > 0;) all = Either(choices[i], all);
    return all;
  }

  absl::StatusOr<Part> ParseSequence() {
    std::vector<Part> parts;
    while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      SUBROSA_ASSIGN_OR_RETURN(Part part, ParseRepeated());
      parts.push_back(std::move(part));
    }
    if (pattern_->direction_ == BytePattern::Direction::kBackwards) {
      std::reverse(parts.begin(), parts.end());
    }
    Part all;
    for (const Part& part : parts) {
      Append(part, &all);
      all.most_bytes += part.most_bytes;
    }
    return all;
  }

  absl::StatusOr<Part> ParseRepeated() {
    SUBROSA_ASSIGN_OR_RETURN(const Part one, ParseOne());
    size_t least = 1;
    size_t most = 1;
    if (absl::ConsumePrefix(&rest_, "?")) {
      least = 0;
    } else if (absl::ConsumePrefix(&rest_, "{")) {
      const size_t comma = rest_.find(',');
      const size_t close = rest_.find('}');
      if (close == rest_.npos ||
          !absl::SimpleAtoi(rest_.substr(0, std::min(comma, close)), &least) ||
          (comma < close &&
           !absl::SimpleAtoi(rest_.substr(comma + 1, close - comma - 1),
                             &most))) {
        return Error("numbers in braces");
      }
      if (comma > close) most = least;
      rest_.remove_prefix(close + 1);
      if (least > most || most > BytePattern::kMaxBytes) {
        return Error("a smaller number of times before");
      }
    }
    Part all;
    all.most_bytes = most * one.most_bytes;
    for (size_t i = 0; i < least; ++i) Append(one, &all);
    for (size_t left = most - least; left > 0; --left) {
      all.steps.push_back(
          {Op::kSplit, Distance(left * (one.steps.size() + 1))});
      Append(one, &all);
    }
    return all;
  }

  absl::StatusOr<Part> ParseOne() {
    if (absl::ConsumePrefix(&rest_, "(?:")) {
      SUBROSA_ASSIGN_OR_RETURN(Part group, ParseChoice());
      if (!absl::ConsumePrefix(&rest_, ")")) return Error("`)`");
      return group;
    }
    if (absl::ConsumePrefix(&rest_, "[")) return ParseClass();
    if (absl::StrContains("(){}[].*+?^$", rest_.substr(0, 1))) {
      return Error("a byte, a class or a group");
    }
    std::bitset<256> bytes;
    SUBROSA_ASSIGN_OR_RETURN(const unsigned char byte, ParseByte());
    bytes.set(byte);
    return OneOf(bytes);
  }

  absl::StatusOr<unsigned char> ParseByte() {
    if (absl::ConsumePrefix(&rest_, "\\") && rest_.empty()) {
      return Error("a sign after `\\`");
    }
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return static_cast<unsigned char>(c);
  }

  absl::StatusOr<Part> ParseClass() {
    const bool other = absl::ConsumePrefix(&rest_, "^");
    std::bitset<256> bytes;
    while (!rest_.empty() && rest_[0] != ']') {
      SUBROSA_ASSIGN_OR_RETURN(const int first, ParseByte());
      int last = first;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        rest_.remove_prefix(1);
        SUBROSA_ASSIGN_OR_RETURN(last, ParseByte());
      }
      for (int byte = first; byte <= last; ++byte) bytes.set(byte);
    }
    if (!absl::ConsumePrefix(&rest_, "]")) return Error("`]`");
    if (caseless_) AddOtherCase(&bytes);
    return OneOf(other ? ~bytes : bytes);
  }

  static void AddOtherCase(std::bitset<256>* bytes) {
    for (int c = 'a'; c <= 'z'; ++c) {
      const int upper = absl::ascii_toupper(static_cast<unsigned char>(c));
      if ((*bytes)[c] || (*bytes)[upper]) bytes->set(c).set(upper);
    }
  }

  Part OneOf(std::bitset<256> bytes) {
    if (caseless_ && bytes.count() == 1) AddOtherCase(&bytes);
    Part part;
    part.most_bytes = 1;
    if (bytes.count() == 1) {
      size_t byte = 0;
      while (!bytes[byte]) ++byte;
      part.steps.push_back({Op::kByte, static_cast<uint16_t>(byte)});
      return part;
    }
    auto& classes = pattern_->classes_;
    const auto known = std::find(classes.begin(), classes.end(), bytes);
    part.steps.push_back(
        {Op::kClass, static_cast<uint16_t>(known - classes.begin())});
    if (known == classes.end()) classes.push_back(bytes);
    return part;
  }

  absl::string_view rest_;
  const bool caseless_;
  BytePattern* const pattern_;
};

absl::StatusOr<BytePattern> BytePattern::Create(absl::string_view pattern,
                                                bool caseless,
                                                Direction direction) {
  BytePattern made;
  made.direction_ = direction;
  SUBROSA_RETURN_IF_ERROR(BytePatternParser(pattern, caseless, &made).Parse());
  return made;
}

std::vector<BytePattern::Opening> BytePattern::Openings() const {
  std::vector<Opening> openings;
  Opening opening;
  AddOpenings(0, 0, &opening, &openings);
  return openings;
}

// Adds the steps that look at a byte, or end, to which one can come from `step`
// on without a byte.
void BytePattern::AddWaysOn(size_t step, std::set<size_t>* steps) const {
  const Step& now = steps_[step];
  if (now.op == Op::kJump) return AddWaysOn(step + now.value, steps);
  if (now.op != Op::kSplit) {
    steps->insert(step);
    return;
  }
  AddWaysOn(step + 1, steps);
  AddWaysOn(step + now.value, steps);
}

void BytePattern::SetFirstBytes(Opening* opening) const {
  auto& first = opening->first_bytes;
  std::copy_n(opening->bytes.begin(), opening->size, first.begin());
  std::set<size_t> steps;
  AddWaysOn(opening->rest, &steps);
  for (size_t i = opening->size; i < first.size(); ++i) {
    std::set<size_t> next;
    for (const size_t step : steps) {
      const Step& now = steps_[step];
      if (now.op == Op::kEnd) {
        // It may have ended here: any text may follow.
        for (; i < first.size(); ++i) first[i].set();
        return;
      }
      if (now.op == Op::kByte) {
        first[i].set(now.value);
      } else {
        first[i] |= classes_[now.value];
      }
      AddWaysOn(step + 1, &next);
    }
    steps = std::move(next);
  }
}

void BytePattern::AddOpenings(size_t step, size_t depth, Opening* opening,
                              std::vector<Opening>* openings) const {
  const Step& now = steps_[step];
  if (depth == opening->bytes.size() || (depth == 3 && now.op == Op::kEnd)) {
    opening->size = static_cast<uint16_t>(depth);
    opening->rest = static_cast<uint16_t>(step);
    openings->push_back(*opening);
    SetFirstBytes(&openings->back());
    return;
  }
  switch (now.op) {
    case Op::kByte:
    case Op::kClass: {
      std::bitset<256>& bytes = opening->bytes[depth];
      bytes.reset();
      if (now.op == Op::kByte) {
        bytes.set(now.value);
      } else {
        bytes = classes_[now.value];
      }
      AddOpenings(step + 1, depth + 1, opening, openings);
      break;
    }
    case Op::kSplit:
      AddOpenings(step + 1, depth, opening, openings);
      AddOpenings(step + now.value, depth, opening, openings);
      break;
    case Op::kJump:
      AddOpenings(step + now.value, depth, opening, openings);
      break;
    case Op::kEnd:
      break;  // Shorter than three bytes: it is not looked up by them.
  }
}

}  // namespace subrosa
