#include "src/classify/refusals.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/classify/classification.h"
#include "src/classify/identifier_checks.h"
#include "src/classify/text_rules.h"

namespace subrosa {
namespace {

using Rule = TextRuleId;

// Longest run that any rule's form has; a longer one is passed over.
constexpr size_t kMaxRunBytes = 64;

constexpr char kSurroundings[] =
    "the form and its checks fit; nothing beside it says that it is one, or "
    "something says that it is not";

bool IsDivider(char c) { return c == ' ' || c == '-' || c == '.'; }

std::string DigitsOf(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isdigit(c)) digits += c;
  }
  return digits;
}

// Collects what the rules say of one run.
class RunJudge {
 public:
  RunJudge(ByteSpan span, std::vector<TextRefusal>* refusals)
      : span_(span), refusals_(refusals) {}

  void Digits(absl::string_view run) {
    const std::string digits = DigitsOf(run);
    switch (digits.size()) {
      case 9:
        Add(Rule::kSsn, SsnReason(digits));
        Add(Rule::kRouting, IsAbaRouting(digits)
                                ? kSurroundings
                                : "nine digits, but the weights 3, 7, 1 or the "
                                  "prefix are not a routing number's");
        break;
      case 10:
        Add(Rule::kPhone, PhoneReason(digits));
        Add(Rule::kNpi, IsNpi(digits)
                            ? kSurroundings
                            : "ten digits, but the first is not 1 or 2 or the "
                              "check digit (Luhn with 80840) is wrong");
        break;
      case 11:
        if (digits[0] == '1') Add(Rule::kPhone, PhoneReason(digits.substr(1)));
        break;
      case 15:
        Add(Rule::kImei, HasLuhnDigit(digits)
                             ? kSurroundings
                             : "fifteen digits, but the check digit (Luhn) is "
                               "wrong");
        break;
      default:
        break;
    }
    if (digits.size() >= 13 && digits.size() <= 19) {
      Add(Rule::kCard, CardReason(digits));
    }
    if (std::count(run.begin(), run.end(), '.') == 3 &&
        !absl::StrContains(run, " ") && !absl::StrContains(run, "-")) {
      Add(Rule::kIpv4, IsIpv4(run) ? kSurroundings
                                   : "four numbers with dots, but one is over "
                                     "255 or begins with a zero");
    }
  }

  void Word(absl::string_view word) {
    const std::string upper = absl::AsciiStrToUpper(word);
    if (word.size() == 17) {
      Add(Rule::kVin, IsVin(upper)
                          ? kSurroundings
                          : "seventeen letters and digits, but I, O or Q is "
                            "among them or the ninth is not the check digit");
    }
    if (word.size() == 11 && absl::ascii_isdigit(word[0])) {
      Add(Rule::kMedicareBeneficiary,
          IsMedicareBeneficiary(upper)
              ? kSurroundings
              : "eleven letters and digits, but not each in the class of its "
                "place");
    }
    if (word.size() >= 15 && absl::ascii_isalpha(word[0]) &&
        absl::ascii_isalpha(word[1]) && absl::ascii_isdigit(word[2]) &&
        absl::ascii_isdigit(word[3])) {
      Add(Rule::kIban, IbanReason(word));
    }
  }

 private:
  static std::string SsnReason(absl::string_view digits) {
    if (IsIssuedSsn(digits)) return kSurroundings;
    if (digits[0] == '9') {
      return IsItin(digits) ? kSurroundings
                            : "nine digits, but an area from 900 on is never "
                              "issued, and the group is no taxpayer number's";
    }
    const absl::string_view area = digits.substr(0, 3);
    if (area == "000" || area == "666") {
      return absl::StrCat("nine digits, but area ", area, " is never issued");
    }
    return digits.substr(3, 2) == "00"
               ? "nine digits, but group 00 is never issued"
               : "nine digits, but serial 0000 is never issued";
  }

  static std::string PhoneReason(absl::string_view digits) {
    if (digits[0] < '2') {
      return "as many digits as a telephone number, but no area code begins "
             "with 0 or 1";
    }
    if (digits[3] < '2') {
      return "as many digits as a telephone number, but no exchange begins "
             "with 0 or 1";
    }
    return kSurroundings;
  }

  static std::string CardReason(absl::string_view digits) {
    if (!IsCardRange(digits)) {
      return absl::StrCat(digits.size(),
                          " digits, but no issuer's cards begin so and are as "
                          "long");
    }
    return HasLuhnDigit(digits)
               ? std::string(kSurroundings)
               : absl::StrCat(digits.size(),
                              " digits, but the check digit (Luhn) is wrong");
  }

  static std::string IbanReason(absl::string_view word) {
    const int length = IbanLength(word.substr(0, 2));
    if (length == 0) {
      return "two letters and two digits, but no country of that code has such "
             "account numbers";
    }
    if (static_cast<size_t>(length) != word.size()) {
      return absl::StrCat("the country's account numbers have ", length,
                          " characters, and this has ", word.size());
    }
    return IsIban(word) ? kSurroundings : "the remainder by 97 is not 1";
  }

  void Add(Rule rule, std::string reason) {
    refusals_->push_back({span_, rule, std::move(reason)});
  }

  const ByteSpan span_;
  std::vector<TextRefusal>* const refusals_;
};

// What the forms of rules say of what lies outside of `matches`.
std::vector<TextRefusal> RefusedByForm(absl::string_view text,
                                       absl::Span<const TextMatch> matches) {
  std::vector<TextRefusal> refusals;
  auto match = matches.begin();
  for (size_t at = 0; at < text.size();) {
    if (!absl::ascii_isalnum(text[at])) {
      ++at;
      continue;
    }
    // A word; or, if it begins with a digit, a run of numbers as well.
    size_t word_end = at;
    bool all_digits = true;
    while (word_end < text.size() && absl::ascii_isalnum(text[word_end])) {
      all_digits = all_digits && absl::ascii_isdigit(text[word_end]);
      ++word_end;
    }
    size_t end = word_end;
    while (all_digits && end + 1 < text.size() && IsDivider(text[end]) &&
           absl::ascii_isdigit(text[end + 1])) {
      size_t next = end + 1;
      while (next < text.size() && absl::ascii_isdigit(text[next])) ++next;
      if (next < text.size() && absl::ascii_isalpha(text[next])) break;
      end = next;
    }
    const ByteSpan span = {at, end - at};
    while (match != matches.end() &&
           match->span.offset + match->span.length <= at) {
      ++match;
    }
    const bool is_found = match != matches.end() && match->span.offset < end;
    if (!is_found && span.length <= kMaxRunBytes) {
      RunJudge judge(span, &refusals);
      if (all_digits) {
        judge.Digits(text.substr(at, end - at));
      } else {
        judge.Word(text.substr(at, end - at));
      }
    }
    at = end;
  }
  return refusals;
}

size_t EndOf(const ByteSpan& span) { return span.offset + span.length; }

bool Overlap(const ByteSpan& a, const ByteSpan& b) {
  return a.offset < EndOf(b) && b.offset < EndOf(a);
}

// A finder sees no further, and no form is longer.
constexpr size_t kMaxSpanBytes = 4096;

// Calls `use` with each of `spans`, which are in order, that overlaps `span`.
template <typename Spans, typename Use>
void ForEachBeside(const Spans& spans, const ByteSpan& span, const Use& use) {
  const size_t from = span.offset - std::min(span.offset, kMaxSpanBytes);
  for (auto it = std::lower_bound(spans.begin(), spans.end(), from,
                                  [](const auto&one, size_t offset) {
                                    return one.span.offset < offset;
                                  });
       it != spans.end() && it->span.offset < EndOf(span); ++it) {
    if (Overlap(it->span, span)) use(*it);
  }
}

bool ComesBefore(const TextRefusal& a, const TextRefusal& b) {
  if (a.span.offset != b.span.offset) return a.span.offset < b.span.offset;
  if (a.span.length != b.span.length) return a.span.length > b.span.length;
  return a.rule < b.rule;
}

}  // namespace

std::vector<TextRefusal> RefusalsIn(absl::string_view text,
                                    absl::Span<const TextMatch> matches,
                                    std::vector<TextRefusal> seen) {
  std::vector<TextRefusal> by_form = RefusedByForm(text, matches);
  std::vector<TextRefusal> refusals;
  // The same rule may have looked at one place several times.
  std::stable_sort(seen.begin(), seen.end(), ComesBefore);
  std::vector<const TextRefusal*> last(static_cast<size_t>(Rule::kCount));
  refusals.reserve(seen.size() + by_form.size());
  for (TextRefusal& refusal : seen) {
    const auto rule = static_cast<size_t>(refusal.rule);
    bool is_told =
        last[rule] != nullptr && EndOf(refusal.span) <= EndOf(last[rule]->span);
    ForEachBeside(matches, refusal.span, [&](const TextMatch& match) {
      is_told |= match.rule == rule;
    });
    // Which check failed says more than that one did.
    ForEachBeside(by_form, refusal.span, [&](const TextRefusal& form) {
      is_told |= form.rule == refusal.rule && form.reason != kSurroundings;
    });
    if (is_told) continue;
    refusals.push_back(std::move(refusal));
    last[rule] = &refusals.back();
  }
  const size_t by_scanner = refusals.size();
  for (TextRefusal& form : by_form) {
    bool is_told = false;
    ForEachBeside(absl::MakeConstSpan(refusals).first(by_scanner), form.span,
                  [&](const TextRefusal& refusal) {
                    is_told |= refusal.rule == form.rule;
                  });
    if (!is_told) refusals.push_back(std::move(form));
  }
  std::stable_sort(refusals.begin(), refusals.end(), ComesBefore);
  return refusals;
}

}  // namespace subrosa
