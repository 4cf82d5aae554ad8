// What a de-identified set would hold: who would be in it, in which group of
// those who look alike, and their records as they would go out. Gathered in one
// walk, before anything is written, since who stands alone must not be in the
// set.
//
// Thread-compatible. Memory: some 250 bytes for each consumer, and their groups
// (group_evidence.h); at most kMostConsumers.
#ifndef SUBROSA_SRC_EXPORTS_SET_SURVEY_H_
#define SUBROSA_SRC_EXPORTS_SET_SURVEY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/exports/group_evidence.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/set_draft.h"
#include "src/exports/set_lines.h"
#include "src/exports/set_terms.h"
#include "src/ingest/message_types.h"
#include "src/steward/permitted_walk.h"

namespace subrosa {

// Somebody of whom something may be given.
struct SetConsumer {
  static constexpr size_t kNoGroup = ~size_t{0};  // Of nobody's, it says.

  std::string id;           // The account's.
  size_t group = kNoGroup;  // Until all their records are read.
  uint32_t categories = 0;  // Of their records, as bits.
  DeidentifiedCounts counts;
  int64_t records = 0;  // That were written.
};

struct SetType {
  const google::protobuf::Descriptor* descriptor = nullptr;
  std::unique_ptr<SetLines> lines;
  // The record that is being read, so that the next needs no new one.
  std::unique_ptr<google::protobuf::Message> payload;
  int64_t records = 0;  // That were written.
};

class SetSurvey {
 public:
  static constexpr size_t kMostConsumers = 2'000'000;

  // `types` must outlive it.
  explicit SetSurvey(const MessageTypes& types) : types_known_(types) {}

  // Walks the records of which `terms` ask. `deidentifier`, whose options are
  // of `terms`, makes them coarse; consumers are named as `period` and the
  // recipient of `walk` say. `draft` gets what would go out, under each
  // consumer's place among consumers(); it may be null.
  //
  // RESOURCE_EXHAUSTED beyond kMostConsumers; FAILED_PRECONDITION for a type
  // that is not known; else errors of the walk, of the deidentifier and of the
  // draft. To be called once.
  absl::Status Gather(PermittedWalk& walk, const SetTerms& terms,
                      absl::string_view period,
                      PayloadDeidentifier* deidentifier, SetDraft* draft);

  std::vector<SetConsumer>& consumers() { return consumers_; }
  // By schema.
  std::map<std::string, SetType>& types() { return types_; }
  const GroupEvidence& groups() const { return groups_; }

  // Whether at least `least` consumers share the values of `consumer`.
  bool HasCompany(const SetConsumer& consumer, int64_t least) const {
    return consumer.group != SetConsumer::kNoGroup &&
           groups_.consumers(consumer.group) >= least;
  }

 private:
  class Reading;

  const MessageTypes& types_known_;
  std::vector<SetConsumer> consumers_;
  std::map<std::string, SetType> types_;
  GroupEvidence groups_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_SURVEY_H_
