// Numbers by how their digits are grouped: dates, social security numbers,
// cards, telephone numbers, ZIP+4.
//
// A group is taken from the phrase only where a space, or the phrase's own end,
// divides it from the rest: so no part of a UUID or of a version is.
#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "src/classify/find_date.h"
#include "src/classify/identifier_checks.h"
#include "src/classify/number_part.h"
#include "src/classify/number_phrase.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

constexpr WordList kPhoneWords(
    "call|called|calls|calling|phone|phones|telephone|tel|mobile|cell|"
    "cellphone|"
    "fax|reach|reached|answering|messages|dial|sms|whatsapp|contact|ring|"
    "office|desk|hotline|text|ph");
constexpr WordList kPhoneWordsAfter(
    "office|fax|mobile|cell|home|work|desk|landline");
constexpr WordList kFaxWords("fax");
constexpr WordList kCardWords(
    "card|cards|credit|debit|visa|mastercard|amex|cc|discover|maestro|pan");
constexpr WordList kSsnWords("ssn|social|itin|ssns|tin");
// Words before a number with dots that is no address: versions of programs.
constexpr WordList kVersionWords(
    "version|ver|release|build|rev|firmware|section|clause|chapter|v");
// Words before four numbers of one digit that make them an address.
constexpr WordList kAddressWords(
    "ip|ips|ipv4|address|addr|host|server|client|peer|remote|source|src|dst|"
    "destination|dns|gateway|router|resolver|nameserver|from|ping|login");
constexpr WordList kDrugCodeWords("ndc|ndcs");

bool IsVersion(const TextWindow& window, size_t begin) {
  const char before = window.Before(begin);
  if (before == 'v' || before == 'V') return true;
  // "Chrome/120.0.0.0"; in a web address that wins.
  if (before == '/' && begin >= 2 && IsAsciiLetter(window.At(begin - 2))) {
    return true;
  }
  return window.HasWordBefore(begin, 12, kVersionWords);
}

// Four numbers with dots. Returns true for what has the shape and is refused,
// too: nothing else is made of it.
bool FindIpv4(const NumberPart& part, std::vector<TextCandidate>* found) {
  if (part.count() != 4 || !part.All('.')) return false;
  const size_t begin = part.group(0).begin;
  const absl::string_view text =
      part.window.text.substr(begin, part.end() - begin);
  if (!IsIpv4(text)) return false;
  // All hosts, no host, and this machine name nobody.
  const bool names_nobody =
      text[0] == '0' || text == "127.0.0.1" || text == "255.255.255.255";
  if (names_nobody || IsVersion(part.window, begin)) {
    part.Refuse(TextRuleId::kIpv4,
                names_nobody ? "it is an address that no one machine has"
                             : "by what stands before it it is a version");
    return true;
  }
  // "OpenSSL 1.1.1.1": hardly an address is so short, and many versions are.
  const char after = part.window.At(part.end());
  if (text.size() == 7 && after != ':' && after != '/' &&
      part.window.Before(begin) != '\n' &&
      !part.window.HasWordBefore(begin, 24, kAddressWords)) {
    part.Refuse(TextRuleId::kIpv4,
                "four digits alone are a version, unless a word such as "
                "`client` stands before them");
    return true;
  }
  found->push_back({begin, part.end(), TextRuleId::kIpv4, 0.9F});
  return true;
}

bool FindSsn(const NumberPart& part, std::vector<TextCandidate>* found) {
  if (!part.Sizes({3, 2, 4}) || !(part.All('-') || part.All(' '))) {
    return false;
  }
  const std::string digits = part.Digits();
  const bool named = part.window.HasWordBefore(part.begin(), 40, kSsnWords);
  if (IsItin(digits) && (named || part.All('-'))) {
    found->push_back({part.begin(), part.end(), TextRuleId::kItin, 0.8F});
    return true;
  }
  const bool issued = IsIssuedSsn(digits);
  if (!named && (!issued || part.All(' '))) {
    return part.Refuse(TextRuleId::kSsn,
                       issued ? "with spaces between it needs a word such as "
                                "`SSN` before it"
                              : "one of its parts is never issued");
  }
  found->push_back({part.begin(), part.end(), TextRuleId::kSsn,
                    named && issued ? 0.99F
                    : issued        ? 0.85F
                                    : 0.6F});
  return true;
}

bool IsCardGrouping(const NumberPart& part) {
  if (part.count() == 1) return true;
  if (!part.All('-') && !part.All(' ')) return false;
  if (part.Sizes({4, 6, 5}) || part.Sizes({4, 6, 4})) return true;
  for (size_t i = 0; i + 1 < part.count(); ++i) {
    if (part.group(i).size() != 4) return false;
  }
  return part.count() >= 4 && part.group(part.count() - 1).size() <= 4;
}

bool FindCard(const NumberPart& part, std::vector<TextCandidate>* found) {
  const size_t size = part.digits();
  if (size < 12 || size > 19 || part.group(0).plus || !IsCardGrouping(part)) {
    return false;
  }
  const std::string digits = part.Digits();
  const bool range = IsCardRange(digits);
  const bool check = HasLuhnDigit(digits);
  const bool named = part.window.HasWordBefore(part.begin(), 40, kCardWords);
  if (range && check && (named || size >= 15)) {
    found->push_back(
        {part.begin(), part.end(), TextRuleId::kCard, named ? 0.99F : 0.9F});
    return true;
  }
  if (!named || (!range && !check && size != 16)) {
    return part.Refuse(TextRuleId::kCard,
                       range && check ? "with so few digits it needs a word "
                                        "such as `card` before it"
                       : range        ? "its check digit (Luhn) is wrong"
                               : "no issuer's cards begin so and are as long");
  }
  found->push_back({part.begin(), part.end(), TextRuleId::kCard, 0.6F});
  return true;
}

size_t WithExtension(const TextWindow& window, size_t end) {
  size_t at = end;
  if (window.At(at) == ',') ++at;
  if (window.At(at) == ' ') ++at;
  for (absl::string_view word : {"extension", "ext.", "ext", "x"}) {
    if (!window.HasAt(at, word)) continue;
    size_t digit = at + word.size();
    if (window.At(digit) == ' ' || window.At(digit) == '.') ++digit;
    size_t last = digit;
    while (last - digit < 6 && IsDigit(window.At(last))) ++last;
    if (last > digit && !IsWordByte(window.At(last))) return last;
  }
  return end;
}

// How sure the digits alone make it; 0 if only words beside it can.
float PhoneShape(const NumberPart& part) {
  const size_t digits = part.digits();
  const size_t count = part.count();
  if (part.group(0).plus) return digits >= 8 && digits <= 15 ? 0.95F : 0;
  // "0002-8215-01": a code of a drug and its package, and no telephone number
  // ends with one or two digits after three.
  if (count == 3 && part.All('-') && part.group(2).size() <= 2) return 0;
  // An international prefix or a trunk 1 before the American grouping.
  const size_t from =
      count == 4 && (part.Value(0) == 1) && part.group(0).size() <= 3 ? 1 : 0;
  if (count - from == 3 && part.group(from).size() == 3 &&
      part.group(from + 1).size() == 3 && part.group(from + 2).size() == 4) {
    const char last = part.group(from + 2).divider;
    return last == '-' || last == '.' ? 0.9F : last == ' ' ? 0.7F : 0;
  }
  if (count >= 2 && part.group(0).opened && part.group(1).divider == ')' &&
      part.group(0).size() >= 2 && part.group(0).size() <= 5) {
    return digits >= 8 && digits <= 12 ? 0.8F : 0;
  }
  if (part.window.At(part.group(0).begin) == '0' && part.group(0).size() >= 2 &&
      digits >= 9 && digits <= 11 && count >= 2 && count <= 6) {
    for (size_t i = 1; i < count; ++i) {
      if (part.group(i).size() < 2 || part.group(i).divider == '/') return 0;
      if (part.group(i).divider == '.' && count < 4) return 0;
    }
    return 0.7F;
  }
  return 0;
}

bool FindPhone(const NumberPart& part, bool labeled,
               std::vector<TextCandidate>* found) {
  const size_t digits = part.digits();
  if (digits < 6 || digits > 15) return false;
  const TextWindow& window = part.window;
  const size_t end = WithExtension(window, part.end());
  if (IsWordByte(window.At(end))) return false;
  // A code of a drug begins with four digits or five.
  if (part.group(0).size() > 3 &&
      window.HasWordBefore(part.begin(), 14, kDrugCodeWords)) {
    return part.Refuse(TextRuleId::kPhone,
                       "by the word before it it is the code of a drug");
  }
  const bool word_after = window.HasWordAfter(end, 9, kPhoneWordsAfter);
  const bool word_before =
      labeled || window.HasWordBefore(part.begin(), 40, kPhoneWords);
  // A social security number that is none is no telephone number either.
  float score = part.Sizes({3, 2, 4}) ? 0 : PhoneShape(part);
  if (score == 0) {
    if (!word_after && !word_before) {
      if (digits < 7 || part.Sizes({3, 2, 4})) return false;
      return part.Refuse(TextRuleId::kPhone,
                         "its digits are not grouped as in one, and no word "
                         "such as `call` stands beside it");
    }
    if (!word_after && digits < 7 && !(labeled && part.count() > 1)) {
      return false;
    }
    if (digits > 13) return false;
    // "office 12.5 2024.1" is no telephone.
    for (size_t i = 1; i < part.count(); ++i) {
      if (part.group(i).size() < 2) {
        return part.Refuse(TextRuleId::kPhone, "one of its groups is a digit");
      }
    }
    score = 0.6F;
  }
  // `fax` is one of the words looked for before.
  const bool fax = word_after ? window.HasWordAfter(end, 5, kFaxWords)
                              : word_before && window.HasWordBefore(
                                                   part.begin(), 14, kFaxWords);
  found->push_back(
      {part.begin(), end, fax ? TextRuleId::kFax : TextRuleId::kPhone, score});
  return true;
}

bool FindZipPlusFour(const NumberPart& part,
                     std::vector<TextCandidate>* found) {
  if (!part.Sizes({5, 4}) || !part.All('-')) return false;
  found->push_back({part.begin(), part.end(), TextRuleId::kZip, 0.8F});
  return true;
}

// Tries the groups from `first` on, the longest part first. Returns the group
// after those that were taken, or `first` if none were.
size_t TakeFrom(const TextWindow& window, const NumberPhrase& phrase,
                size_t first, bool labeled, std::vector<TextCandidate>* found) {
  if (phrase.count - first >= 5 &&
      NumberPart{window, phrase, first, first}.StandsAlone()) {
    const size_t next = FindDays(window, phrase, first, found);
    if (next > first) return next;
  }
  for (size_t last = phrase.count; last-- > first;) {
    if (last + 1 < phrase.count && phrase.groups[last + 1].divider != ' ') {
      continue;
    }
    const NumberPart part{window, phrase, first, last};
    if (!part.StandsAlone()) return first;
    if (FindDate(part, found)) return last + 1;
    if (part.EndsAlone() &&
        (FindIpv4(part, found) || FindSsn(part, found) ||
         FindCard(part, found) || FindZipPlusFour(part, found))) {
      return last + 1;
    }
    if (FindPhone(part, labeled, found)) return last + 1;
  }
  return first;
}

}  // namespace

size_t FindNumber(const TextWindow& window, int labeled,
                  std::vector<TextCandidate>* found) {
  const NumberPhrase phrase = NumberPhraseAt(window, window.anchor);
  if (phrase.count == 0) return 0;
  for (size_t first = 0; first < phrase.count;) {
    const size_t next = TakeFrom(window, phrase, first, labeled != 0, found);
    if (next > first) {
      first = next;
      continue;
    }
    do {
      ++first;
    } while (first < phrase.count && phrase.groups[first].divider != ' ');
  }
  return phrase.end();
}

// "781 5991 office": the anchor is after the word, or one further.
size_t FindNumberBefore(const TextWindow& window, int,
                        std::vector<TextCandidate>* found) {
  size_t at = window.anchor;
  while (at > 0 && window.anchor - at < 10 && !IsDigit(window.At(at - 1))) {
    --at;
  }
  FindNumber(window.MovedTo(at), 0, found);
  return 0;
}

}  // namespace subrosa
