// Feed takes a file's records into a steward: one thread reads while another
// classifies, seals and commits, a batch at a time, in constant memory.
#ifndef SUBROSA_SRC_STEWARD_FEED_H_
#define SUBROSA_SRC_STEWARD_FEED_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/ingest/reader.h"
#include "src/steward/steward.h"

namespace subrosa {

// The most reasons, and the most types, that a summary tells apart; a file
// could have any number of either.
inline constexpr size_t kMaxSummaryReasons = 100;
inline constexpr size_t kMaxSummaryTypes = 100;

// Rejects with the same reason.
struct RejectTally {
  uint64_t count = 0;
  uint64_t first_number = 0;  // As ReadOutcome::number.
};

// What became of a file's entries. Each entry is counted once.
struct FeedSummary {
  uint64_t added = 0;
  uint64_t revised = 0;
  uint64_t unchanged = 0;
  uint64_t rejected = 0;
  uint64_t not_about_consumer = 0;
  // The last, by type in the source: "Organization".
  std::map<std::string, uint64_t> not_about_consumer_types;

  // How many of the added, revised and unchanged are of a type that is not
  // mapped and so kept whole, and of which types ("other" beyond the bound).
  uint64_t kept_whole = 0;
  std::map<std::string, uint64_t> kept_whole_types;

  // The rejected by reason, which holds no value; and those of the reasons
  // beyond the bound.
  std::map<std::string, RejectTally> rejects_by_reason;
  uint64_t other_rejects = 0;

  uint64_t entries() const {
    return added + revised + unchanged + rejected + not_about_consumer;
  }
};

// An entry that was not taken: where, and why. `status` holds no value.
struct RejectedEntry {
  uint64_t number = 0;       // As ReadOutcome::number.
  uint64_t byte_offset = 0;  // As ReadOutcome::byte_offset.
  absl::Status status;
};

// Told as the feed goes on, from the thread that called Feed.
struct FeedObserver {
  absl::FunctionRef<void(const RejectedEntry&)> on_reject;
  // After each batch, with what is committed by then and how many bytes of the
  // file have been read.
  absl::FunctionRef<void(const FeedSummary&, uint64_t bytes_read)> on_progress;
};

// Reads `reader` to its end and puts every record. When it returns OK, all that
// the summary counts is durable. `summary` is kept up to date and, after an
// error, says what was committed before it; reading the file again takes the
// rest. The reader is used by another thread until Feed returns.
//
// Memory: two batches of at most 2000 records and about 4 MiB each.
absl::Status Feed(RecordReader& reader, Steward& steward,
                  const FeedObserver& observer, FeedSummary* summary);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_FEED_H_
