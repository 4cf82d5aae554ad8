// E-mail, web, network and hardware addresses.
#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "src/classify/identifier_checks.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

// RFC 5321 section 4.5.3.1.1. A longer one is redacted whole if it is ASCII, as
// far as the window reaches; in scripts without spaces the sentence hangs on.
constexpr size_t kLocalPartBytes = 64;
constexpr size_t kDomainBytes = 255;

bool IsLocalPart(char c) {
  return IsDigit(c) || IsLetter(c) || c == '.' || c == '_' || c == '-' ||
         c == '+' || c == '%';
}

bool IsHostByte(char c) {
  return IsDigit(c) || IsLetter(c) || c == '.' || c == '-';
}

// Whether a full stop, comma or bracket of East Asian scripts stands at `i`
// (U+3000 to U+303F): it ends a host.
bool IsIdeographicSign(const TextWindow& window, size_t i) {
  return window.At(i) == '\xe3' && window.At(i + 1) == '\x80';
}

bool IsUrlByte(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != '"' && c != '<' &&
         c != '>' && c != '\\' && c != '^' && c != '`' && c != '{' &&
         c != '}' && c != '|' && c != 0x7f;
}

bool IsHex(char c) {
  return IsDigit(c) || (Lower(c) >= 'a' && Lower(c) <= 'f');
}

// Punctuation that ends the sentence and not the address; a closing bracket
// stays if it was opened inside.
size_t WithoutSentenceEnd(absl::string_view text, size_t begin, size_t end) {
  while (end > begin) {
    const char last = text[end - 1];
    if (last == ')') {
      const absl::string_view all = text.substr(begin, end - begin);
      if (std::count(all.begin(), all.end(), '(') >=
          std::count(all.begin(), all.end(), ')')) {
        break;
      }
    } else if (last != '.' && last != ',' && last != ';' && last != ':' &&
               last != '!' && last != '?' && last != '\'' && last != ']' &&
               last != '*') {
      break;
    }
    --end;
  }
  return end;
}

// "jo@clinic.example / Alder!7", "jo@clinic.example:alder77": lists of stolen
// accounts have the password so. It has a digit or a sign among its letters.
void FindPasswordAfter(const TextWindow& window, size_t end,
                       std::vector<TextCandidate>* found) {
  size_t at = end;
  if (window.At(at) == ' ') ++at;
  const char divider = window.At(at);
  if (divider != '/' && divider != ':' && divider != '|') return;
  const bool spaced = window.At(at + 1) == ' ';
  // "write to a@b.example: 9 to 5", and not the path of an address.
  if (spaced ? at == end : divider == '/') return;
  const size_t begin = at + (spaced ? 2 : 1);
  size_t last = begin;
  bool letters = false;
  bool digits = false;
  bool signs = false;
  while (last - begin < 64 &&
         static_cast<unsigned char>(window.At(last)) > 0x20 &&
         window.At(last) != '"' && window.At(last) != '\'' &&
         window.At(last) != '<' && window.At(last) != ',' &&
         window.At(last) != ';' && window.At(last) != '@') {
    const char c = window.At(last);
    letters |= IsLetter(c);
    digits |= IsDigit(c);
    signs |= c == '!' || c == '#' || c == '$' || c == '*' || c == '&';
    ++last;
  }
  if (window.At(last) == '@') return;  // Another address.
  while (last > begin &&
         (window.At(last - 1) == '.' || window.At(last - 1) == ')')) {
    --last;
  }
  if (last - begin < 6 || !letters || !(digits || signs)) return;
  found->push_back({begin, last, TextRuleId::kPassword, 0.6F});
}

// The address around an at sign [sign, host).
size_t FindEmailAround(const TextWindow& window, size_t sign, size_t host,
                       std::vector<TextCandidate>* found) {
  size_t begin = sign;
  while (begin > 0 && IsLocalPart(window.At(begin - 1)) &&
         (sign - begin < kLocalPartBytes ||
          static_cast<unsigned char>(window.At(begin - 1)) < 0x80)) {
    --begin;
  }
  while (begin < sign && (window.At(begin) == '.' || window.At(begin) == '-' ||
                          window.At(begin) == '%')) {
    ++begin;
  }
  size_t end = host;
  while (end - host < kDomainBytes && IsHostByte(window.At(end)) &&
         !IsIdeographicSign(window, end)) {
    ++end;
  }
  while (end > host &&
         (window.At(end - 1) == '.' || window.At(end - 1) == '-')) {
    --end;
  }
  const absl::string_view domain = window.Sub(host, end);
  const size_t dot = domain.rfind('.');
  if (begin == sign || domain.empty()) return 0;
  if (dot == absl::string_view::npos) {
    // A payment address (`name@bank`) names a person as an e-mail address
    // does; `git@host:path` and `user@host` of a shell do not.
    return window.Refuse(begin, end, TextRuleId::kEmail,
                         "no dot stands in what follows the at sign, as in a "
                         "shell's user and machine");
  }
  const absl::string_view top = domain.substr(dot + 1);
  const bool letters = std::all_of(top.begin(), top.end(), IsLetter);
  if (top.size() < 2 || !letters || domain.find("..") != domain.npos) {
    return window.Refuse(begin, end, TextRuleId::kEmail,
                         "what follows the at sign ends as no domain does");
  }
  found->push_back({begin, end, TextRuleId::kEmail, 0.99F});
  FindPasswordAfter(window, end, found);
  return end;
}

}  // namespace

size_t FindEmail(const TextWindow& window, int,
                 std::vector<TextCandidate>* found) {
  // "x@y": the anchor is after y, or after the first of its bytes.
  return FindEmailAround(window, window.anchor - 2, window.anchor - 1, found);
}

size_t FindEncodedEmail(const TextWindow& window, int,
                        std::vector<TextCandidate>* found) {
  // "x%40y", as in the query of a web address: the anchor is after y.
  if (window.anchor < 5 || !window.HasAt(window.anchor - 4, "%40")) return 0;
  return FindEmailAround(window, window.anchor - 4, window.anchor - 1, found);
}

size_t FindUrl(const TextWindow& window, int with_scheme,
               std::vector<TextCandidate>* found) {
  size_t begin = window.anchor;
  size_t host = window.anchor;
  if (with_scheme != 0) {
    begin -= 3;
    const size_t divider = begin;
    while (begin > 0 && divider - begin < 16 &&
           (IsAsciiLetter(window.At(begin - 1)) ||
            (IsDigit(window.At(begin - 1)) && divider > begin))) {
      --begin;
    }
    while (begin < divider && !IsAsciiLetter(window.At(begin))) ++begin;
    if (divider - begin < 2) return 0;
  } else {
    begin -= 4;
    if (IsWordByte(window.Before(begin)) || window.Before(begin) == '/' ||
        window.Before(begin) == '.' || window.Before(begin) == '@') {
      return window.Refuse(begin, host, TextRuleId::kUrl,
                           "`www.` hangs on to what stands before it");
    }
  }
  if (!IsHostByte(window.At(host)) && window.At(host) != '[') {
    return window.Refuse(begin, host, TextRuleId::kUrl,
                         "no host follows its scheme");
  }
  size_t end = host;
  while (end < window.text.size() && IsUrlByte(window.At(end))) ++end;
  end = WithoutSentenceEnd(window.text, host, end);
  if (end - host < 2) return 0;
  if (with_scheme == 0 &&
      window.Sub(host, end).find('.') == absl::string_view::npos) {
    return window.Refuse(begin, end, TextRuleId::kUrl,
                         "no dot stands in what follows `www.`");
  }
  found->push_back({begin, end, TextRuleId::kUrl, 0.95F});
  return end;
}

size_t FindIpv6(const TextWindow& window, int,
                std::vector<TextCandidate>* found) {
  const auto is_part = [](char c) { return IsHex(c) || c == ':' || c == '.'; };
  size_t begin = window.anchor;
  size_t end = window.anchor;
  while (begin > 0 && window.anchor - begin < 48 &&
         is_part(window.At(begin - 1))) {
    --begin;
  }
  while (end - begin < 64 && is_part(window.At(end))) ++end;
  const size_t looked_at = end;
  while (end > begin && window.At(end - 1) == '.') --end;
  if (end > begin + 1 && window.At(end - 1) == ':' &&
      window.At(end - 2) != ':') {
    --end;
  }
  const absl::string_view text = window.Sub(begin, end);
  const auto digits = std::count_if(text.begin(), text.end(), IsDigit);
  if (digits == 0 || text == "::1" || !IsIpv6(text) ||
      IsWordByte(window.Before(begin)) || IsWordByte(window.At(end))) {
    window.Refuse(begin, end, TextRuleId::kIpv6,
                  "its groups are not an address's, it is this machine's own, "
                  "or more hangs on to it");
    return looked_at;
  }
  // `a::b` of a programming language has the shape of a short address.
  if (text.size() < 6) {
    window.Refuse(begin, end, TextRuleId::kIpv6,
                  "it is so short that it may be a name in a program");
    return looked_at;
  }
  found->push_back({begin, end, TextRuleId::kIpv6, 0.95F});
  return looked_at;
}

size_t FindMac(const TextWindow& window, int,
               std::vector<TextCandidate>* found) {
  // The anchor is after five pairs.
  const size_t end = window.anchor;
  if (end < 17) return 0;
  const size_t begin = end - 17;
  const char divider = window.At(begin + 2);
  if (!IsHex(window.At(begin)) || !IsHex(window.At(begin + 1))) return 0;
  for (size_t i = 2; i < 17; i += 3) {
    if (window.At(begin + i) != divider) {
      return window.Refuse(begin, end, TextRuleId::kMac,
                           "its dividers are not all the same");
    }
  }
  const char before = window.Before(begin);
  if (IsWordByte(before) || before == divider || IsWordByte(window.At(end)) ||
      window.At(end) == divider) {
    return window.Refuse(begin, end, TextRuleId::kMac,
                         "more hangs on to its six pairs");
  }
  const absl::string_view text = window.text.substr(begin, 17);
  if (text.find_first_not_of("0:-") == text.npos) {
    return window.Refuse(begin, end, TextRuleId::kMac,
                         "it is all zeros, which no device has");
  }
  found->push_back({begin, end, TextRuleId::kMac, 0.95F});
  return end;
}

}  // namespace subrosa
