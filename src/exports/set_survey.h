// What a de-identified set would hold: who would be in it, in which group of
// those who look alike, and records of which types. Gathered in one walk,
// before anything is written, since who stands alone must not be in the set.
//
// Thread-compatible. Memory: some 200 bytes for each consumer, and their groups
// (group_evidence.h); at most kMostConsumers.
#ifndef SUBROSA_SRC_EXPORTS_SET_SURVEY_H_
#define SUBROSA_SRC_EXPORTS_SET_SURVEY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/crypto/envelope.h"
#include "src/exports/group_evidence.h"
#include "src/exports/payload_deidentifier.h"
#include "src/ingest/message_types.h"
#include "src/steward/permitted_walk.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A record as it goes out.
struct CoarseRecord {
  std::unique_ptr<google::protobuf::Message> payload;
  std::string when;  // The year; of moved dates, the day.
};

// `record` by `deidentifier`, whose options are of `dates`; `coarse` gets the
// values that stay. Errors of ParsePayload and PayloadDeidentifier::Apply.
absl::StatusOr<CoarseRecord> Coarsen(const v1::HealthRecord& record,
                                     const MessageTypes& types, DateRule dates,
                                     PayloadDeidentifier* deidentifier,
                                     DeidentifiedCounts* counts,
                                     CoarseValues* coarse);

// Somebody of whom something may be given.
struct SetConsumer {
  std::string id;  // The account's.
  size_t group = 0;
  // What was written.
  int64_t records = 0;
  uint32_t categories = 0;  // As bits.
};

struct SetType {
  const google::protobuf::Descriptor* descriptor = nullptr;
  int64_t records = 0;  // That were written.
};

class SetSurvey {
 public:
  static constexpr size_t kMostConsumers = 2'000'000;

  // Walks the records of types `schemas`, all if there are none.
  // `deidentifier` leaves texts out. RESOURCE_EXHAUSTED beyond kMostConsumers;
  // else errors of the walk and of Coarsen.
  absl::Status Gather(PermittedWalk& walk, const MessageTypes& types,
                      const std::set<std::string>& schemas, DateRule dates,
                      PayloadDeidentifier* deidentifier);

  // By KeyRef::id, which a new version of a key keeps; null if there is none.
  SetConsumer* Find(const KeyId& id);

  absl::flat_hash_map<KeyId, SetConsumer>& consumers() { return consumers_; }
  // By schema.
  std::map<std::string, SetType>& types() { return types_; }
  const GroupEvidence& groups() const { return groups_; }

 private:
  absl::flat_hash_map<KeyId, SetConsumer> consumers_;
  std::map<std::string, SetType> types_;
  GroupEvidence groups_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_SURVEY_H_
