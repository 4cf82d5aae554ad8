// A GroupWriter puts records in the background: any number of threads hand
// theirs over, and one thread of its own, which has a Vault to itself, takes
// whatever waits into one batch. So those who put at the same time share one
// commit and one sync of the disk, and a record is put as soon as the one
// before it is done: nobody waits for a batch to fill.
//
// Records of one consumer are put in the order in which they were taken. A
// batch is ordered by consumer, so that what is one person's comes together.
//
// Back-pressure: what was taken and is not yet settled is bounded, in records
// and in bytes of memory. Where there is no room Put waits, and then refuses.
//
// A record that fails for a reason of its own (too large, a consumer's key that
// does not open) fails alone: the batch is halved until its neighbours are
// held. Where the database is unavailable the whole batch fails, and the writer
// goes on with the next.
//
// Any number of writers, in any number of processes, may have one vault open.
//
// Thread-safe, except that nothing may be called once destruction has begun.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto writer,
//                            GroupWriter::Create(std::move(vault), {}));
//   SUBROSA_RETURN_IF_ERROR(
//       writer->Put(std::move(record), kinds,
//                   [](const absl::StatusOr<PutOutcome>& outcome) { … }));
#ifndef SUBROSA_SRC_VAULT_GROUP_WRITER_H_
#define SUBROSA_SRC_VAULT_GROUP_WRITER_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The longest patience: whoever waits longer is not told that nothing moves.
inline constexpr absl::Duration kMaxWriterPatience = absl::Hours(1);

struct GroupWriterOptions {
  // What may be taken and not yet settled, the batch under way included. Bytes
  // are those of the records in memory. All at least 1.
  size_t max_held_records = 16384;
  size_t max_held_bytes = size_t{64} << 20;

  // What one commit takes, of what waits. A batch holds at least one record,
  // whatever its size. While it commits, others who write wait.
  size_t max_batch_records = 2048;
  size_t max_batch_bytes = size_t{8} << 20;

  // How long Put waits for room: 0 to kMaxWriterPatience.
  absl::Duration patience = absl::Seconds(5);
};

class GroupWriter {
 public:
  // Told what became of a record that was taken, once and in the writer's
  // thread: an outcome says that it is durable, an error that the record is not
  // held. After UNAVAILABLE it may be held all the same; putting it again does
  // no harm. It should be quick, and must not call the writer.
  using Done = std::function<void(const absl::StatusOr<PutOutcome>& outcome)>;

  // Starts the thread. `vault`'s clock and key provider must outlive the writer
  // and bear being called from it. INVALID_ARGUMENT for options out of their
  // range.
  static absl::StatusOr<std::unique_ptr<GroupWriter>> Create(
      std::unique_ptr<Vault> vault, const GroupWriterOptions& options);

  // Closes.
  ~GroupWriter();

  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Takes `record`, which is valid, with what classification says of it. OK
  // means that it will be put and `done` be called. Waits for room as the
  // options say; who waits is let in in no particular order.
  //
  // On an error `record` is as it was and `done` is never called:
  // RESOURCE_EXHAUSTED if there was no room in time; INVALID_ARGUMENT if the
  // record alone is larger than max_held_bytes; FAILED_PRECONDITION once the
  // writer is closed.
  absl::Status Put(v1::HealthRecord&& record, const RecordKinds& kinds,
                   Done done);

  // Waits until all that was taken before the call is settled: their `done` has
  // returned.
  void Flush();

  // Takes nothing any more, sends away those who wait for room, puts what was
  // taken, and waits for that. With a database that stays locked this takes as
  // long as its connection waits, once a batch.
  void Close();

 private:
  struct Waiting {
    v1::HealthRecord record;
    RecordKinds kinds;
    size_t bytes = 0;
    Done done;
  };

  GroupWriter(std::unique_ptr<Vault> vault, const GroupWriterOptions& options)
      : options_(options), vault_(std::move(vault)) {}

  void Run();
  // Takes the next batch off what waits. Holds mutex_.
  std::vector<Waiting> TakeBatch();
  void PutOrdered(std::vector<Waiting>& batch);
  // `items` are those of `waiting`, in the same order.
  void PutHalving(absl::Span<const PutItem> items,
                  absl::Span<Waiting* const> waiting);
  bool HasRoomFor(size_t bytes) const;

  const GroupWriterOptions options_;
  const std::unique_ptr<Vault> vault_;  // The thread's alone.

  std::mutex mutex_;
  std::condition_variable work_;     // There is some, or no more will come.
  std::condition_variable settled_;  // Some is done, or no more will be taken.
  // Guarded by mutex_.
  bool closed_ = false;
  std::deque<Waiting> waiting_;
  size_t held_records_ = 0;  // With those of the batch under way.
  size_t held_bytes_ = 0;
  uint64_t taken_count_ = 0;
  uint64_t settled_count_ = 0;

  std::thread thread_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_GROUP_WRITER_H_
