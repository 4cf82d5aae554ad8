// What a label says that it is: "MRN: 0012345", "password is hunter2".
#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "src/classify/identifier_checks.h"
#include "src/classify/number_phrase.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

// Words that may stand between a label and its value.
constexpr WordList kFillers(
    "number|numbers|num|no|nr|id|code|is|was|are|as|of|the|ending|in|"
    "like|card|dl|acc|account|with|for|my|his|her|their|this|our|your|"
    "patient|details|value|ssn|hash|me|on|at|us|him");
constexpr int kMaxFillers = 4;
constexpr size_t kMaxValueBytes = 128;
// A password is redacted to its end, as far as the window reaches.
constexpr size_t kMaxSecretBytes = kReachAhead;

bool IsOpening(char c) {
  return c == ':' || c == '=' || c == '#' || c == '\'' || c == '"' ||
         c == '(' || c == '[' || c == ',' || c == '.' || c == '-' || c == '>';
}

bool IsNumberByte(char c) {
  return IsDigit(c) || IsAsciiLetter(c) || c == '-' || c == '.' || c == '/' ||
         c == '_' || c == '*';
}

bool IsSecretByte(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '"' && c != '\'' &&
         c != ',' && c != ';' && c != '&' && c != '<' && c != '>' &&
         c != 0x7f && c != '{' && c != '}';
}

// Where the words of a label that ends at the anchor begin; npos if something
// else stands there, or hangs on to it.
size_t LabelBegin(const TextWindow& window, absl::string_view words) {
  size_t at = window.anchor;
  for (size_t i = words.size(); i-- > 0;) {
    const char before = window.Before(at);
    if (words[i] == '~') {
      if (before == ' ' || before == '-' || before == '_') --at;
      continue;
    }
    if (at == 0 || Lower(before) != words[i]) return absl::string_view::npos;
    --at;
  }
  const bool camel = IsLower(window.Before(at)) && IsUpper(window.At(at));
  if (IsLetter(window.Before(at)) && !camel) return absl::string_view::npos;
  return at;
}

struct Opening {
  size_t value = 0;        // Where the value begins.
  bool is_marked = false;  // By a colon, an equals sign, or quotes.
  char quote = 0;
};

// Passes over punctuation and fillers after the label.
Opening SkipToValue(const TextWindow& window) {
  Opening opening;
  size_t at = window.anchor;
  if (Lower(window.At(at)) == 's' && !IsLetter(window.At(at + 1))) ++at;
  int lines = 0;
  for (int fillers = 0;;) {
    const size_t from = at;
    while (at - from < 10) {
      const char c = window.At(at);
      if (c == '\n' && ++lines > 1) return opening;
      if (c == ':' || c == '=') opening.is_marked = true;
      if (c == '\'' || c == '"') {
        opening.is_marked = true;
        opening.quote = c;
      }
      if (!IsOpening(c) && c != ' ' && c != '\n' && c != '\t' && c != '_')
        break;
      if (c == '.' && window.At(at + 1) == ' ' && at == window.anchor &&
          !window.HasAt(at - 2, "no")) {
        return opening;  // The sentence ends with the label.
      }
      ++at;
    }
    size_t end = at;
    while (end - at < 9 && IsAsciiLetter(window.At(end))) ++end;
    const bool filler = end > at && !IsWordByte(window.At(end)) &&
                        window.IsOneOf(at, end, kFillers);
    if (!filler || opening.quote != 0 || fillers == kMaxFillers) break;
    if (window.HasAt(at, "is ")) opening.is_marked = true;
    ++fillers;
    at = end;
  }
  if (at > window.anchor) opening.value = at;
  return opening;
}

// Bytes that are part of the value; trailing punctuation is not.
template <typename Predicate>
size_t ValueEnd(const TextWindow& window, size_t begin, Predicate is_part,
                size_t most = kMaxValueBytes) {
  size_t end = begin;
  while (end - begin < most && end < window.text.size() &&
         is_part(window.At(end))) {
    ++end;
  }
  return end;
}

size_t TrimEnd(const TextWindow& window, size_t begin, size_t end,
               absl::string_view trimmed) {
  while (end > begin &&
         trimmed.find(window.At(end - 1)) != absl::string_view::npos) {
    --end;
  }
  return end;
}

// Whether the characters can be such a number; only rules with a check say no.
bool PassesCheck(TextRuleId rule, std::string value) {
  std::transform(value.begin(), value.end(), value.begin(), [](char c) {
    return IsLower(c) ? static_cast<char>(c - ('a' - 'A')) : c;
  });
  switch (rule) {
    case TextRuleId::kNpi:
      return IsNpi(value);
    case TextRuleId::kDea:
      return IsDea(value);
    case TextRuleId::kImei:
      value.erase(std::remove(value.begin(), value.end(), '-'), value.end());
      return (value.size() == 15 && HasLuhnDigit(value)) ||
             value.size() == 14 || value.size() == 16;
    case TextRuleId::kZip:
      return value.size() >= 4 && value.size() <= 10;
    default:
      return value.size() >= 3 && value.size() <= 48;
  }
}

void FindLabeledNumber(const TextWindow& window, const TextLabel& label,
                       size_t begin, std::vector<TextCandidate>* found) {
  // Groups of digits with spaces between belong together.
  size_t end = ValueEnd(window, begin, IsNumberByte);
  end = TrimEnd(window, begin, end, "-./_");
  const auto more = [&](size_t at) {
    size_t last = at;
    while (last - at < 5 &&
           (IsDigit(window.At(last)) || IsUpper(window.At(last)))) {
      ++last;
    }
    return last - at >= 2 && last - at <= 4 && !IsLetter(window.At(last)) &&
                   !IsDigit(window.At(last)) &&
                   std::any_of(window.text.data() + at,
                               window.text.data() + last, IsDigit)
               ? last
               : at;
  };
  while (end - begin < 40 && window.At(end) == ' ' &&
         label.rule != TextRuleId::kNpi) {
    const size_t last = more(end + 1);
    if (last == end + 1) break;
    end = last;
  }
  const absl::string_view value = window.Sub(begin, end);
  const auto digits = std::count_if(value.begin(), value.end(), IsDigit);
  const auto hidden = std::count_if(value.begin(), value.end(), [](char c) {
    return c == 'X' || c == 'x' || c == '*';
  });
  const bool masked = hidden >= 3 && digits >= 2 && label.min_digits >= 3;
  const auto refuse = [&](const char* reason) {
    window.Refuse(begin, std::max(begin + 1, end), label.rule, reason);
  };
  if (digits < label.min_digits && !masked) {
    return refuse("what follows the label has fewer digits than one");
  }
  if (IsLetter(window.At(end))) {
    return refuse("a letter of another script hangs on to it");
  }
  if (!masked && !PassesCheck(label.rule, std::string(value))) {
    return refuse(
        "it stands after the label, but its check digit or its "
        "length is wrong");
  }
  found->push_back({begin, end, label.rule, masked ? 0.6F : 0.8F});
}

void FindLabeledWord(const TextWindow& window, const TextLabel& label,
                     const Opening& opening,
                     std::vector<TextCandidate>* found) {
  const size_t begin = opening.value;
  const bool secret = label.value == LabelValue::kSecret;
  size_t end;
  if (secret) {
    end = ValueEnd(window, begin, IsSecretByte, kMaxSecretBytes);
    if (opening.quote == 0) end = TrimEnd(window, begin, end, ".):]");
  } else {
    end = ValueEnd(window, begin, [](char c) {
      return IsWordByte(c) || c == '.' || c == '-' || c == '@' || c == '+';
    });
    end = TrimEnd(window, begin, end, ".-");
  }
  const absl::string_view value = window.Sub(begin, end);
  const bool has_digit = std::any_of(value.begin(), value.end(), IsDigit);
  const bool has_sign = std::any_of(value.begin(), value.end(), [&](char c) {
    return secret ? !IsWordByte(c) && c != '-' : c == '_';
  });
  const auto refuse = [&](const char* reason) {
    window.Refuse(begin, std::max(begin + 1, end), label.rule, reason);
  };
  // "password reset", "login page": a plain word needs a sign before it.
  if (value.size() < 3 || !(has_digit || has_sign || opening.is_marked)) {
    return refuse(
        "a plain word after the label needs a colon, an equals sign "
        "or quotes before it");
  }
  for (absl::string_view none :
       {"null", "none", "nil", "true", "false", "undefined", "required"}) {
    if (value.size() == none.size() && window.HasAt(begin, none)) {
      return refuse("the word after the label stands for no value");
    }
  }
  if (value.find_first_not_of("*") == value.npos) {
    return refuse("it is hidden by asterisks already");
  }
  if (value.find("://") != value.npos) {
    return refuse("a web address follows the label");
  }
  found->push_back({begin, end, label.rule, has_digit ? 0.8F : 0.6F});
}

}  // namespace

size_t FindLabeled(const TextWindow& window, int index,
                   std::vector<TextCandidate>* found) {
  const TextLabel& label = TextLabels()[index];
  // A longer word goes on: "accounting", "tinted".
  const char last = label.words.back();
  const char next = window.At(window.anchor);
  if (IsAsciiLetter(last) && IsLetter(next) &&
      !(IsUpper(next) && IsLower(window.Before(window.anchor))) &&
      !(Lower(next) == 's' && !IsLetter(window.At(window.anchor + 1)))) {
    return 0;
  }
  const size_t begin = LabelBegin(window, label.words);
  if (begin == absl::string_view::npos) return 0;
  const Opening opening =
      last == '=' ? Opening{window.anchor, true, 0} : SkipToValue(window);
  if (opening.value == 0) {
    return window.Refuse(begin, window.anchor, label.rule,
                         "the label stands here, and no value after it");
  }
  switch (label.value) {
    case LabelValue::kNumber:
      FindLabeledNumber(window, label, opening.value, found);
      break;
    case LabelValue::kPhone: {
      size_t digit = opening.value;
      while (digit < opening.value + 3 && !IsDigit(window.At(digit))) ++digit;
      if (!IsDigit(window.At(digit))) break;
      FindNumber(window.MovedTo(digit + 1), 1, found);
      break;
    }
    default:
      FindLabeledWord(window, label, opening, found);
  }
  return 0;
}

}  // namespace subrosa
