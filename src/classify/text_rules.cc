#include "src/classify/text_rules.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

using Rule = TextRuleId;

constexpr TextRule Identifier(Rule number, const char* id, const char* title,
                              v1::IdentifierKind kind, const char* reason,
                              const char* source) {
  return {number,
          id,
          title,
          kind,
          v1::PERSONAL_CATEGORY_UNSPECIFIED,
          v1::SENSITIVE_CATEGORY_UNSPECIFIED,
          reason,
          source};
}

constexpr TextRule Personal(Rule number, const char* id, const char* title,
                            v1::PersonalCategory category, const char* reason,
                            const char* source) {
  return {number,   id,
          title,    v1::IDENTIFIER_UNSPECIFIED,
          category, v1::SENSITIVE_CATEGORY_UNSPECIFIED,
          reason,   source};
}

constexpr TextRule Sensitive(Rule number, const char* id, const char* title,
                             v1::SensitiveCategory category, const char* reason,
                             const char* source) {
  return {number,
          id,
          title,
          v1::IDENTIFIER_UNSPECIFIED,
          v1::PERSONAL_CATEGORY_UNSPECIFIED,
          category,
          reason,
          source};
}

constexpr TextRule kRules[] = {
    Identifier(Rule::kEmail, "text/email", "e-mail address",
               v1::IDENTIFIER_EMAIL,
               "a name, an at sign and a domain name stand together",
               "RFC 5321 section 4.1.2, without quoted names"),
    Identifier(Rule::kUrl, "text/url", "web address", v1::IDENTIFIER_URL,
               "a scheme or `www.` is followed by a host",
               "RFC 3986 section 3"),
    Identifier(
        Rule::kIpv4, "text/ipv4", "IPv4 address", v1::IDENTIFIER_IP_ADDRESS,
        "four numbers up to 255 with dots between, and no version number",
        "RFC 791; RFC 3986 section 3.2.2"),
    Identifier(
        Rule::kIpv6, "text/ipv6", "IPv6 address", v1::IDENTIFIER_IP_ADDRESS,
        "groups of hexadecimal digits with colons as an address has them",
        "RFC 4291 section 2.2"),
    Identifier(
        Rule::kMac, "text/mac", "hardware address", v1::IDENTIFIER_DEVICE_ID,
        "six pairs of hexadecimal digits with one divider", "IEEE 802, EUI-48"),
    Identifier(Rule::kPhone, "text/phone", "telephone number",
               v1::IDENTIFIER_PHONE,
               "digits are grouped as in telephone numbers, or a word such as "
               "`call` stands before them",
               "North American Numbering Plan; ITU-T E.164"),
    Identifier(Rule::kFax, "text/fax", "fax number", v1::IDENTIFIER_FAX,
               "a telephone number with the word fax beside it",
               "North American Numbering Plan; ITU-T E.164"),
    Identifier(Rule::kSsn, "text/ssn", "social security number",
               v1::IDENTIFIER_SSN,
               "three, two and four digits in the ranges that are issued, or "
               "digits named as one",
               "SSA, numbers never assigned: area 000, 666, 900 to 999"),
    Identifier(Rule::kItin, "text/itin", "individual taxpayer number",
               v1::IDENTIFIER_SSN,
               "it begins with 9 and has a group that the IRS issues",
               "IRS Publication 1915"),
    Identifier(
        Rule::kCard, "text/card", "payment card number",
        v1::IDENTIFIER_ACCOUNT_NUMBER,
        "an issuer's range, its length and the check digit are right, or "
        "digits are named as one",
        "ISO/IEC 7812-1, Luhn"),
    Identifier(Rule::kIban, "text/iban", "bank account number (IBAN)",
               v1::IDENTIFIER_ACCOUNT_NUMBER,
               "country, length and the two check digits are right, or it is "
               "named as one",
               "ISO 13616-1, remainder by 97"),
    Identifier(Rule::kAccount, "text/account", "account number",
               v1::IDENTIFIER_ACCOUNT_NUMBER,
               "a word for an account stands before it", "context words"),
    Identifier(Rule::kRouting, "text/routing", "bank routing number",
               v1::IDENTIFIER_ACCOUNT_NUMBER,
               "words for a bank's routing number stand before it",
               "ABA routing number, weights 3 7 1"),
    Identifier(Rule::kTaxId, "text/tax-id", "taxpayer number",
               v1::IDENTIFIER_OTHER_UNIQUE,
               "words for a taxpayer number stand before it", "context words"),
    Identifier(Rule::kMedicalRecord, "text/medical-record",
               "medical record number", v1::IDENTIFIER_MEDICAL_RECORD_NUMBER,
               "words for a medical record or a patient stand before it",
               "context words"),
    Identifier(Rule::kMedicareBeneficiary, "text/medicare-beneficiary",
               "Medicare beneficiary number", v1::IDENTIFIER_HEALTH_PLAN_NUMBER,
               "eleven characters, each of the class that its place asks for",
               "CMS, Medicare Beneficiary Identifier format"),
    Identifier(Rule::kHealthPlan, "text/health-plan", "health plan number",
               v1::IDENTIFIER_HEALTH_PLAN_NUMBER,
               "words for a plan's member or policy stand before it",
               "context words"),
    Identifier(Rule::kDriverLicense, "text/driver-license",
               "driver's license number", v1::IDENTIFIER_LICENSE_NUMBER,
               "words for a driver's license stand before it", "context words"),
    Identifier(Rule::kLicense, "text/license", "certificate or license number",
               v1::IDENTIFIER_LICENSE_NUMBER,
               "words for a license or certificate stand before it",
               "context words"),
    Identifier(Rule::kNpi, "text/npi", "national provider number",
               v1::IDENTIFIER_LICENSE_NUMBER,
               "ten digits named as one, with the check digit right",
               "45 CFR 162.406; Luhn with the prefix 80840"),
    Identifier(Rule::kDea, "text/dea", "DEA registration number",
               v1::IDENTIFIER_LICENSE_NUMBER,
               "two letters and seven digits named as one, the check digit "
               "right",
               "DEA registration number check digit"),
    Identifier(Rule::kPassport, "text/passport", "passport number",
               v1::IDENTIFIER_LICENSE_NUMBER,
               "the word passport stands before it", "context words"),
    Identifier(Rule::kNationalId, "text/national-id", "national id number",
               v1::IDENTIFIER_OTHER_UNIQUE,
               "words for a national id stand before it", "context words"),
    Identifier(Rule::kVin, "text/vin", "vehicle identification number",
               v1::IDENTIFIER_VEHICLE,
               "seventeen characters with the check digit right, or named as "
               "one",
               "49 CFR 565.15; ISO 3779"),
    Identifier(Rule::kPlate, "text/plate", "license plate",
               v1::IDENTIFIER_VEHICLE, "words for a plate stand before it",
               "context words"),
    Identifier(Rule::kImei, "text/imei", "mobile equipment number",
               v1::IDENTIFIER_DEVICE_ID,
               "fifteen digits named as one, with the check digit right",
               "3GPP TS 23.003 section 6.2.1, Luhn"),
    Identifier(Rule::kDevice, "text/device", "device or serial number",
               v1::IDENTIFIER_DEVICE_ID,
               "words for a device or a serial number stand before it",
               "context words"),
    Identifier(Rule::kAdvertisingId, "text/advertising-id",
               "advertising identifier", v1::IDENTIFIER_ADVERTISING_ID,
               "words for an advertising id stand before it",
               "Apple IDFA, Google advertising ID: a UUID"),
    Identifier(Rule::kCookie, "text/cookie", "cookie identifier",
               v1::IDENTIFIER_COOKIE_ID,
               "the name of a cookie that tells visitors apart stands before "
               "it, or it has that cookie's shape",
               "vendors' documentation of _ga, _fbp and others"),
    Identifier(
        Rule::kCoordinates, "text/coordinates", "pair of precise coordinates",
        v1::IDENTIFIER_PRECISE_LOCATION,
        "a latitude and a longitude with three decimals or more, or with "
        "seconds: within 1,750 feet",
        "WGS 84, in degrees; RFC 7946 (GeoJSON), OGC 06-103r4 (WKT)"),
    Identifier(Rule::kAddress, "text/address", "postal address",
               v1::IDENTIFIER_ADDRESS,
               "a house number stands beside a street, a unit, a box or a "
               "place as in postal addresses",
               "USPS Publication 28; UPU S42"),
    Identifier(Rule::kZip, "text/zip", "postal code", v1::IDENTIFIER_ADDRESS,
               "a postal code by its shape and the words beside it",
               "USPS Publication 28; UPU S42"),
    Identifier(Rule::kDate, "text/date", "date", v1::IDENTIFIER_DATE,
               "a day or month as dates are written, and no machine's time "
               "stamp",
               "ISO 8601; usual forms of the United States and Europe"),
    Identifier(Rule::kDayName, "text/day-name", "day of the week",
               v1::IDENTIFIER_DATE, "the name of a day: an element of a date",
               "45 CFR 164.514(b)(2)(i)(C): all elements of dates except "
               "year"),
    Identifier(Rule::kYear, "text/year", "year", v1::IDENTIFIER_DATE,
               "a year alone, after a word such as \"in\" or \"since\"; looked "
               "for where asked",
               "45 CFR 164.514(b)(2)(i)(C) excepts it; i2b2 counts it as a "
               "date"),
    Personal(Rule::kAge, "text/age", "age",
             v1::PERSONAL_CATEGORY_PROTECTED_CLASSIFICATIONS,
             "a number of years that words about age go with", "context words"),
    Identifier(Rule::kAgeOver89, "text/age-over-89", "age over 89",
               v1::IDENTIFIER_DATE,
               "a number of years over 89 that words about age go with, or the "
               "year of a birth that makes one",
               "45 CFR 164.514(b)(2)(i)(C): ages over 89, and all elements of "
               "dates, year included, that tell one"),
    Identifier(Rule::kUserName, "text/user-name", "user name or id",
               v1::IDENTIFIER_OTHER_UNIQUE,
               "words for a user or customer stand before it", "context words"),
    Sensitive(Rule::kPassword, "text/password", "password",
              v1::SENSITIVE_CATEGORY_ACCOUNT_ACCESS,
              "words for a password or access code stand before it",
              "context words"),
    Identifier(Rule::kOtherId, "text/other-id", "other unique number",
               v1::IDENTIFIER_OTHER_UNIQUE,
               "words for a person's number stand before it", "context words"),
    Identifier(Rule::kPersonName, "text/person-name", "name of a person",
               v1::IDENTIFIER_NAME, "words written as names of people are",
               "the model of names"),
    Identifier(Rule::kPlaceName, "text/place-name", "name of a place",
               v1::IDENTIFIER_ADDRESS, "words written as names of places are",
               "the model of names"),
    Personal(Rule::kOrganization, "text/organization",
             "name of an organization", v1::PERSONAL_CATEGORY_EMPLOYMENT,
             "words written as names of organizations are",
             "the model of names"),
};

static_assert(sizeof(kRules) / sizeof(kRules[0]) ==
                  static_cast<size_t>(Rule::kCount),
              "one rule for each TextRuleId");

}  // namespace

absl::Span<const TextRule> TextRules() { return kRules; }

std::string TitleWithArticle(const TextRule& rule) {
  // Of the titles only "user name" begins with a vowel that is spoken as none.
  const bool vowel = absl::string_view("aeioAEIO").find(rule.title[0]) !=
                     absl::string_view::npos;
  return absl::StrCat(vowel ? "an " : "a ", rule.title);
}

}  // namespace subrosa
