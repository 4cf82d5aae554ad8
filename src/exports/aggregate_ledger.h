// The ledger of aggregates that were answered: each answer as it was given, and
// who is in which atom of them all (answer_atoms.h). It is what makes
// suppression hold from one question to the next, whoever asks.
//
// A consumer stands in it under a PRF of their stable secret for this alone:
// once they are erased, nobody can say any more that a row was theirs.
//
// Thread-compatible. Errors are those of Connection.
#ifndef SUBROSA_SRC_EXPORTS_AGGREGATE_LEDGER_H_
#define SUBROSA_SRC_EXPORTS_AGGREGATE_LEDGER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/exports/aggregate_policy.h"
#include "src/exports/answer_atoms.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"

namespace subrosa {

// One answer.
struct RecordedAnswer {
  std::string question;  // What was asked, and of which period; hexadecimal.
  // Of which number of which records a mean was told, whatever the period;
  // empty: none.
  std::string measure;
  std::string text;  // As it was given.
  PeriodDays days;   // That it is about.
  int32_t day = 0;   // On which it was given.
};

class AggregateLedger {
 public:
  // `records` must outlive it.
  static absl::StatusOr<std::unique_ptr<AggregateLedger>> Open(
      RecordStore& records);

  // What was answered to `question`; nothing if it was never asked.
  absl::StatusOr<std::optional<std::string>> FindAnswer(
      absl::string_view question);
  // The days of an answer that told a mean of `measure` for any of `days`;
  // nothing if there is none. Of several, one.
  absl::StatusOr<std::optional<PeriodDays>> FindOverlap(
      absl::string_view measure, const PeriodDays& days);

  // Adds all who are in answers to `atoms`.
  absl::Status ReadAtoms(AnswerAtoms* atoms);

  // Adds `answer`, and puts down who is in which atom after it. To be called
  // within a transaction of the record store.
  absl::Status Append(const RecordedAnswer& answer, const AnswerAtoms& atoms);

 private:
  explicit AggregateLedger(RecordStore& records) : records_(records) {}

  RecordStore& records_;
  std::unique_ptr<Statement> find_answer_;
  std::unique_ptr<Statement> find_overlap_;
  std::unique_ptr<Statement> read_members_;
  std::unique_ptr<Statement> put_member_;
  std::unique_ptr<Statement> put_answer_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_AGGREGATE_LEDGER_H_
