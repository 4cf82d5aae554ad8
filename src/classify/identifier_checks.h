// The check rules of numbers that carry one: whether a string of digits and
// letters can be such a number at all. Nothing here knows of context.
//
// Arguments are without dividers, letters in upper case, unless it says
// otherwise. Anything else (too short, too long, other characters, NUL) is
// false.
#ifndef SUBROSA_SRC_CLASSIFY_IDENTIFIER_CHECKS_H_
#define SUBROSA_SRC_CLASSIFY_IDENTIFIER_CHECKS_H_

#include "absl/strings/string_view.h"

namespace subrosa {

// The last digit makes the sum right (ISO/IEC 7812-1 annex B).
bool HasLuhnDigit(absl::string_view digits);

// Nine digits in a range that the SSA issues: area not 000, 666 or 900 to 999,
// group not 00, serial not 0000.
bool IsIssuedSsn(absl::string_view digits);

// Nine digits of an individual taxpayer number: 9, and a group of 50 to 65, 70
// to 88, 90 to 92 or 94 to 99 (IRS Publication 1915).
bool IsItin(absl::string_view digits);

// 12 to 19 digits that begin as an issuer's and are as many as its cards have.
// The check digit is a matter of HasLuhnDigit.
bool IsCardRange(absl::string_view digits);

// The length that the country's IBANs have, and the remainder by 97
// (ISO 13616-1). Letters in either case.
bool IsIban(absl::string_view compact);

// How long an IBAN of the country is (two letters in either case); 0 where
// there are none.
int IbanLength(absl::string_view country);

// Nine digits with weights 3, 7, 1, and a Federal Reserve prefix.
bool IsAbaRouting(absl::string_view digits);

// Ten digits that begin with 1 or 2, Luhn with 80840 in front (45 CFR 162.406).
bool IsNpi(absl::string_view digits);

// Two characters and seven digits; the sum of the first, third and fifth and
// twice that of the second, fourth and sixth ends in the seventh.
bool IsDea(absl::string_view text);

// Eleven characters, each in the class of its place (CMS, MBI format).
bool IsMedicareBeneficiary(absl::string_view text);

// Seventeen characters without I, O and Q, the ninth the check (49 CFR 565.15).
bool IsVin(absl::string_view text);

// Four numbers of 0 to 255 with dots between, none with a leading zero.
bool IsIpv4(absl::string_view text);

// An IPv6 address in any form of RFC 4291 section 2.2, without a zone.
bool IsIpv6(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_IDENTIFIER_CHECKS_H_
