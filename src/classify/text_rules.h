// The rules by which identifiers are found in text: what each finds, why, and
// on what authority. The shapes that lead to a rule are in text_shapes.h.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_RULES_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_RULES_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// The order is that of TextRules(). Numbers may change between versions: what
// is stored is the rule's `id`.
enum class TextRuleId : uint16_t {
  kEmail,
  kUrl,
  kIpv4,
  kIpv6,
  kMac,
  kPhone,
  kFax,
  kSsn,
  kItin,
  kCard,
  kIban,
  kAccount,
  kRouting,
  kTaxId,
  kMedicalRecord,
  kMedicareBeneficiary,
  kHealthPlan,
  kDriverLicense,
  kLicense,
  kNpi,
  kDea,
  kPassport,
  kNationalId,
  kVin,
  kPlate,
  kImei,
  kDevice,
  kAdvertisingId,
  kCookie,
  kCoordinates,
  kAddress,
  kZip,
  kDate,
  kDayName,
  kYear,
  kAge,
  kAgeOver89,
  kUserName,
  kPassword,
  kOtherId,
  kPersonName,
  kPlaceName,
  kOrganization,
  kCount,
};

// One rule. Exactly one of `identifier`, `personal` and `sensitive` is set.
struct TextRule {
  TextRuleId number;
  const char* id;     // "text/ssn".
  const char* title;  // "social security number".
  v1::IdentifierKind identifier;
  v1::PersonalCategory personal;
  v1::SensitiveCategory sensitive;
  const char* reason;  // Why the text is taken for one, in plain words.
  const char* source;  // Who defines the shape.
};

// All rules; the rule of a TextRuleId stands at its number.
absl::Span<const TextRule> TextRules();

// "an e-mail address", "a web address": the rule's title as a sentence has it.
std::string TitleWithArticle(const TextRule& rule);

inline const TextRule& RuleOf(TextRuleId rule) {
  return TextRules()[static_cast<uint16_t>(rule)];
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_RULES_H_
