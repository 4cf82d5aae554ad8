// How long data is kept, and erasing what is past that: by the retention that
// each purpose of the policy says, and by the clock of inferences that a
// consumer did not consent to.
//
// A retention is a time of ISO 8601 of one unit ("P7Y", "P18M", "P2W", "P90D"),
// counted from the day of collection; in words ("your account is closed") it
// ends with what the words name, and nothing is past it by itself.
//
// Source: 11 CCR 7012(e)(4); rule "co-cpa/inference" (4 CCR 904-3, Rule
// 6.10(B)); rule "co-cpa/review" (Rule 6.07(B)).
#ifndef SUBROSA_SRC_ERASURE_RETENTION_H_
#define SUBROSA_SRC_ERASURE_RETENTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/part_eraser.h"
#include "src/steward/steward.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// The first day whose data is kept on `today`: what was collected before it is
// past `retention`. Empty for words.
std::optional<absl::CivilDay> FirstDayKept(absl::string_view retention,
                                           absl::CivilDay today);

// What is held for one purpose, of one category.
struct RetentionLine {
  std::string purpose;
  // UNSPECIFIED: personal data without a health category.
  v1::HealthCategory category = v1::HEALTH_CATEGORY_UNSPECIFIED;
  std::string retention;  // As the policy says it; empty: it says nothing.
  std::optional<absl::CivilDay> first_day_kept;
  int64_t records = 0;
  int64_t past_due = 0;
  int32_t earliest_day = 0;  // Of collection, since 1970-01-01.
  // The rule by which it is reviewed, each year since the earliest was
  // collected, whether what is held is still needed; empty: none. And the last
  // day of this year's review.
  std::string review_rule;
  std::optional<absl::CivilDay> review_by;
};

// Every purpose and category of which records are held, in order. One pass over
// the rows' clear columns; no key is used. A record with several categories
// counts on several lines. Reviews are by the packs that the policy names, of
// biometric data: photographs and voice recordings are found where their fields
// are marked as such. Errors as Steward::VisitFacts.
absl::StatusOr<std::vector<RetentionLine>> ReadRetention(Steward& steward);

// Whether what is past due is erased, or only counted.
enum class RetentionMode { kErase, kCount };

// What was, or would be, erased of one consumer.
struct RetentionErased {
  int64_t rows = 0;        // Past the retention of their purpose.
  int64_t inferences = 0;  // Rows of inferences without consent.
  // To recipients who may have been given any of it: one of each purpose and
  // recipient.
  int64_t notices = 0;
  // Nothing was, by this rule: an erasure of the consumer is held for legal
  // claims, and what is held back from it is not let go by its age.
  std::string hold_rule;

  bool empty() const { return rows == 0 && inferences == 0; }
};

// Erases what is past due of `consumer`, an account id, as PartEraser does:
// durably, recipients' notices queued before, the key's next version made; what
// stays is left to Steward::FinishErasures or ContinueInBackground. Again, it
// erases nothing.
//
// An inference is past due from the day after it was collected, where the
// consumer lives in the rule's state and its use is not permitted: days rest in
// clear and hours do not, so that it goes early rather than late.
//
// kCount changes nothing: a row that is past due twice is counted once, as it
// would be erased. Notices of such a row may be counted twice.
//
// `orders` and `eraser` are those of the steward's home. NOT_FOUND if there is
// no such consumer; else errors of PartEraser and ErasureBook. Whatever is
// returned, `*erased` says what was done: after an error it is what was erased
// before it, and the call made again goes on.
absl::Status EraseWhatIsPastDue(Steward& steward, ErasureBook& orders,
                                PartEraser& eraser, absl::string_view consumer,
                                RetentionMode mode, RetentionErased* erased);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_RETENTION_H_
