// What is asked of a Decider, and what it answers. Small values that are
// copied; none holds anything of a record.
#ifndef SUBROSA_SRC_CONSENT_DECISION_H_
#define SUBROSA_SRC_CONSENT_DECISION_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// What a service is about to do with data of one consumer. Numbers are those
// that the Decider gives to slugs.
struct Use {
  v1::Action action = v1::ACTION_UNSPECIFIED;
  uint16_t purpose = 0;    // 0: one that the policy does not name.
  uint16_t recipient = 0;  // 0: nobody outside the entity.
  // As bits (CategorySet). None: it is not known which, and so all that the
  // purpose may be about.
  uint32_t categories = 0;
};

enum class Verdict : uint8_t {
  kPermit,
  kNeedsConsent,
  kNeedsAuthorization,
  kDeny,
};

// Why. The first that holds, from the top.
enum class Reason : uint8_t {
  kUnknownPurpose,
  kActionNotOfPurpose,
  kCategoryNotOfPurpose,
  kUnknownRecipient,
  kRecipientMayNotReceive,
  kPurposeNotOfRecipient,
  kCategoryNotOfRecipient,
  kAskAgain,  // Choices were lost in a restore.
  kOptedOut,  // The consumer said stop.
  kLimited,   // Only what the service needs.
  kBanned,    // A rule forbids it whatever the consumer says.
  kRefused,   // Asked, and no; or withdrawn.
  kNoGround,  // What a rule asks for, consent cannot give.
  kAuthorizationMissing,
  kConsentMissing,
  kGranted,  // Every rule that applies has its ground.
  kNoRule,   // No pack speaks of it, and the policy has a ground.
};

// A rule that applied, and the ground that it found.
struct AppliedRule {
  uint16_t rule = 0;  // Index into LawBook::entries().
  // GROUND_UNSPECIFIED: none; the rule stands against the use.
  uint8_t ground = 0;

  v1::Ground Ground() const { return static_cast<v1::Ground>(ground); }
  bool Holds() const { return ground != 0; }
};

// The most rules that can apply to one use; Decider::Create refuses packs that
// would let more.
inline constexpr size_t kMaxAppliedRules = 30;

struct Decision {
  Verdict verdict = Verdict::kDeny;
  Reason reason = Reason::kUnknownPurpose;
  uint8_t rule_count = 0;
  std::array<AppliedRule, kMaxAppliedRules> rules;

  bool Permits() const { return verdict == Verdict::kPermit; }
};

// A day in the two ways in which decisions count: in UTC.
struct Today {
  int32_t day = 0;    // Since 1970-01-01.
  int32_t civil = 0;  // See PackCivil.
};

// Year, month and day in one number that orders as they do; years 1 to 9999.
constexpr int32_t PackCivil(int64_t year, int month, int day) {
  return static_cast<int32_t>(year) * 512 + month * 32 + day;
}

inline Today TodayOf(absl::Time now) {
  const absl::CivilDay day = absl::ToCivilDay(now, absl::UTCTimeZone());
  return {DayOf(now), PackCivil(day.year(), day.month(), day.day())};
}

// "needs consent".
absl::string_view VerdictName(Verdict verdict);

// "the consumer said stop". For people; names no rule.
absl::string_view ReasonText(Reason reason);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_DECISION_H_
