// What a de-identified set would hold: who would be in it, in which group of
// those who look alike, and their records as they would go out. Gathered in one
// walk, before anything is written, since who stands alone must not be in the
// set: one thread opens records, all processors make them coarse.
//
// Thread-compatible. Memory: some 250 bytes for each consumer, at most
// kMostConsumers, and their groups (group_evidence.h); and of records some
// hundred KiB at a time for each processor. A draft adds its own
// (set_draft.h).
#ifndef SUBROSA_SRC_EXPORTS_SET_SURVEY_H_
#define SUBROSA_SRC_EXPORTS_SET_SURVEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/base/task_pool.h"
#include "src/exports/group_evidence.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/set_batch.h"
#include "src/exports/set_draft.h"
#include "src/exports/set_terms.h"
#include "src/steward/permitted_walk.h"

namespace subrosa {

// Somebody of whom something may be given.
struct SetConsumer {
  std::string id;                  // The account's.
  std::array<uint8_t, 16> name{};  // The recipient's for them.
  uint32_t categories = 0;         // Of their records, as bits.
  int64_t records = 0;
  DeidentifiedCounts counts;
  // Whether all was read of them, and, after LeaveOut, enough others are like
  // them.
  bool is_in = false;
  size_t group = 0;  // If so.
};

class SetSurvey {
 public:
  static constexpr size_t kMostConsumers = 2'000'000;

  // Walks the records of which `terms` ask. `formatters`, one for each thread
  // of `pool`, are of `terms`; consumers are named, and their days moved, by
  // the recipient of `walk` and `question`. `draft` gets what the formatters
  // write, under each consumer's place among consumers(); it may be null.
  //
  // RESOURCE_EXHAUSTED beyond kMostConsumers; else errors of the walk, of the
  // formatters and of the draft. To be called once.
  absl::Status Gather(
      PermittedWalk& walk, const SetTerms& terms, absl::string_view question,
      TaskPool* pool,
      const std::vector<std::unique_ptr<SetFormatter>>& formatters,
      SetDraft* draft);

  // Leaves out those whose values fewer than `least` share. `counts` gets what
  // was done to the records of the others. To be called once.
  void LeaveOut(int64_t least, DeidentifiedCounts* counts);

  const std::vector<SetConsumer>& consumers() const { return consumers_; }
  // After LeaveOut, the places of those who are in, by their names: an order
  // that says nothing of the one in which they were visited.
  const std::vector<uint32_t>& by_name() const { return by_name_; }
  // By schema.
  const std::map<std::string, const google::protobuf::Descriptor*>& types()
      const {
    return types_;
  }
  const GroupEvidence& groups() const { return groups_; }

 private:
  // Of the consumer who is last in consumers_.
  struct Gathered {
    CoarseValues values;
    std::set<std::tuple<std::string, uint32_t, uint64_t>> kinds;
  };

  absl::Status Use(const SetBatch& batch, SetDraft* draft);

  std::vector<SetConsumer> consumers_;
  std::vector<uint32_t> by_name_;
  std::map<std::string, const google::protobuf::Descriptor*> types_;
  GroupEvidence groups_;
  uint64_t at_ = ~uint64_t{0};  // SetBatch::consumer of the last.
  Gathered gathered_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_SURVEY_H_
