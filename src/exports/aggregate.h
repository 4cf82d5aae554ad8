// An aggregate: how many consumers have what, and what the mean of a number is,
// by group, for a sponsor or an employer (docs/formats/aggregate.md).
//
// What may be asked, a policy says (aggregate_policy.h). What is read passes
// the gate, as if it were shared record by record with who is given the answer.
// No combination of answers, of any questions, periods and recipients, tells of
// fewer consumers than the policy's least group (answer_atoms.h); a question
// that was answered is answered the same again; and a mean of the same number
// is told for any day by one answer alone, so that no two means differ by one
// person's record.
//
// Limits: it protects who is in which group, not what is true of a whole group:
// if all of a group share a value, an answer tells it of each. A mean of a
// group in which one value is extreme tells something of that value.
#ifndef SUBROSA_SRC_EXPORTS_AGGREGATE_H_
#define SUBROSA_SRC_EXPORTS_AGGREGATE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/steward/steward.h"
#include "subrosa/v1/aggregate.pb.h"

namespace subrosa {

// How many different values a question may have, and how many consumers.
inline constexpr size_t kMostAggregateGroups = 1000;
inline constexpr size_t kMostAggregateConsumers = 2'000'000;

struct Aggregate {
  // The answer: JSON, one document. AggregateCsv makes a table of it.
  std::string text;
  // Given before, and the same again.
  bool is_repeated = false;
};

// Answers the question `question` of `policy` for `period`. It is in the ledger
// of answers, and a leaf with its digest in the log, before this returns. Of
// several who ask it at once one answers, and all get that.
//
// NOT_FOUND if the policy has no such question, or the recipient is not on
// record; INVALID_ARGUMENT for a period or paths that are none;
// FAILED_PRECONDITION for a period that is not over, a type that is not known,
// a mean that another answer told for some of the days, or what may not be
// answered since answers are lost (answer_settlement.h); PERMISSION_DENIED if
// nothing may be given, too few consumers are meant, or earlier answers would
// tell of too few together with this one; RESOURCE_EXHAUSTED beyond the bounds
// above. Nothing is recorded then. UNAVAILABLE if the log does not take the
// leaf within some seconds: the answer is recorded, and to be asked for again.
absl::StatusOr<Aggregate> AnswerAggregate(Steward& steward,
                                          const v1::AggregatePolicy& policy,
                                          absl::string_view question,
                                          absl::string_view period);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_AGGREGATE_H_
