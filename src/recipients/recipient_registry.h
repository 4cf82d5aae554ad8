// The RecipientRegistry keeps the recipients of one entity in the record
// store's table `recipient`: every version of each, so that what was so on an
// earlier day can be shown. A recipient is never removed: once it is ended it
// stays in the lists of who received what.
//
// It keeps what it is given. Whether that is well formed CheckRecipient says,
// and whether a recipient may receive FindReceivingFaults does.
//
// Thread-compatible, as its Connection. Any number of processes may have one;
// a reader sees what was committed.
//
// Errors are those of Connection, besides what is said below; DATA_LOSS if what
// stands in the table is no recipient.
//
// Security: recipients are no consumers; nothing of this is secret. Whoever can
// write to the record store can change who may receive, and no key tells.
#ifndef SUBROSA_SRC_RECIPIENTS_RECIPIENT_REGISTRY_H_
#define SUBROSA_SRC_RECIPIENTS_RECIPIENT_REGISTRY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// The migration that gives a database their table.
inline constexpr Migration kRecipientMigration = {R"sql(
  CREATE TABLE recipient(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    day INTEGER NOT NULL,
    body BLOB NOT NULL);
  CREATE UNIQUE INDEX recipient_place ON recipient(entity, id, version);
)sql"};

// The most recipients of an entity: decisions number them in 14 bits. Ended
// ones count.
inline constexpr int64_t kMaxRecipients = 16'000;

// A recipient as it was recorded.
struct RecordedRecipient {
  v1::Recipient recipient;
  int64_t version = 0;  // From 1.
  absl::CivilDay day;   // On which this version was recorded.
};

enum class RecipientChange { kAdded, kReplaced, kUnchanged };

class RecipientRegistry {
 public:
  // `records` is the record store's database, of migrations up to date, in
  // which the entity has the number `entity_number`. It must outlive this.
  RecipientRegistry(Connection& records, int64_t entity_number)
      : records_(records), entity_number_(entity_number) {}

  // Records each of `recipients`, whose ids differ, as of `day`: a new one, or
  // the next version of one that is there. One that is as it was adds no
  // version. All in one transaction: OK means durable, with one change each, in
  // order; on error none was recorded.
  //
  // RESOURCE_EXHAUSTED beyond kMaxRecipients. FAILED_PRECONDITION if a version
  // of one was recorded on a later day: the clock went back.
  absl::StatusOr<std::vector<RecipientChange>> Put(
      absl::Span<const v1::Recipient> recipients, absl::CivilDay day);

  // What Put would do, without doing it.
  absl::StatusOr<std::vector<RecipientChange>> Plan(
      absl::Span<const v1::Recipient> recipients, absl::CivilDay day);

  // Records that `id` is given nothing more from `ended_on` on. NOT_FOUND if
  // there is no such recipient; else as Put.
  absl::StatusOr<RecipientChange> End(absl::string_view id,
                                      absl::CivilDay ended_on,
                                      absl::CivilDay day);

  // NOT_FOUND if there is no such recipient.
  absl::StatusOr<RecordedRecipient> Find(absl::string_view id);

  // All versions of `id`, upwards. NOT_FOUND as Find.
  absl::StatusOr<std::vector<RecordedRecipient>> ReadHistory(
      absl::string_view id);

  // All, in the order in which they were first recorded, which never changes.
  // ReadAllOn: as they were recorded on `day` or before. Memory: all of them.
  absl::StatusOr<std::vector<RecordedRecipient>> ReadAll();
  absl::StatusOr<std::vector<RecordedRecipient>> ReadAllOn(absl::CivilDay day);

  // A number that rises with every change, in microseconds: whoever keeps
  // something made of ReadAll sees by it whether it is out of date. 0: there
  // are none.
  absl::StatusOr<int64_t> ReadChangeNumber();

 private:
  absl::StatusOr<std::vector<RecipientChange>> Record(
      absl::Span<const v1::Recipient> recipients, absl::CivilDay day,
      bool writes);
  absl::StatusOr<int64_t> Count();

  Connection& records_;
  const int64_t entity_number_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_RECIPIENT_REGISTRY_H_
