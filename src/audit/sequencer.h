// The Sequencer takes what the two outboxes hold into the log, batch by batch.
// Any process may commit changes; any process may run a sequencer; one at a
// time holds the lease and does the work.
//
// A batch goes like this, and may be stopped anywhere:
//   1. take the lease and settle which entries get which places (key store)
//   2. write bundles and tiles, and sync them
//   3. sign the checkpoint, and commit it with the taking away of the key
//      store's entries: from here on the log has grown
//   4. publish the checkpoint's file, take away the record store's entries,
//      remember the size outside the backups (KeyProvider::AdvanceAnchor)
// A stop after 1 is taken up by whoever has the lease next, who writes the same
// bytes again; a stop after 3 needs only 4 to be repeated. So no entry is lost,
// doubled or reordered, and no second history is ever signed.
//
// Thread-compatible.
//
// Security: the log's key signs what the tiles say and nothing else. The tree
// that is on disk is checked before it grows, against the last root that a key
// of the provider's signed; what the key store says of keys and root is not
// taken for it.
#ifndef SUBROSA_SRC_AUDIT_SEQUENCER_H_
#define SUBROSA_SRC_AUDIT_SEQUENCER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/log_batch.h"
#include "src/audit/log_files.h"
#include "src/audit/log_state.h"
#include "src/audit/right_edge.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"

namespace subrosa {

// The longest origin: the names of its keys at the provider hold it.
inline constexpr size_t kMaxOriginBytes = 100;

// How long a lease lasts. One batch takes a small part of it.
inline constexpr absl::Duration kSequencerLease = absl::Seconds(3);

// What one step came to.
struct SequencerStep {
  uint64_t entries = 0;       // Taken into the log by this step.
  bool is_caught_up = false;  // Nothing was left to take.
  LogStatus log;              // As it stands now.
};

class Sequencer {
 public:
  // The databases must be connections of the sequencer's own; `provider` and
  // `clock` must outlive it. `folder` is the log's.
  struct Parts {
    std::unique_ptr<Connection> keys;
    std::unique_ptr<Connection> records;
    KeyProvider* provider = nullptr;
    const Clock* clock = nullptr;
    std::string folder;
  };

  // Makes the log `origin` in the key store if there is none: its signing key,
  // its folder, the signed checkpoint of the empty tree. A kill leaves it to be
  // made again. INVALID_ARGUMENT unless the origin is 1 to kMaxOriginBytes
  // bytes of printable ASCII without space or "+"; FAILED_PRECONDITION if the
  // provider remembers leaves of it.
  static absl::Status CreateLog(const Parts& parts, absl::string_view origin);

  // Opens the log once key store, record store, files and the provider's anchor
  // agree (log_agreement.h). NOT_FOUND if there is no log; FAILED_PRECONDITION
  // if a part is an older copy or another log's; DATA_LOSS if one is damaged.
  // Messages say which.
  static absl::StatusOr<std::unique_ptr<Sequencer>> Open(Parts parts);

  // Takes one batch into the log. Does nothing while another holds the lease,
  // or nothing waits. After an error, call it again: it goes on, unless
  // another, for whom the lease is free now, was faster.
  absl::StatusOr<SequencerStep> Step();

  // Gives the lease back, so that another need not wait for its end.
  absl::Status Release();

  // How far the outboxes have got: what Step has still to take.
  absl::StatusOr<OutboxPosition> ReadIssued();

  // Announces the next signing key with an entry in the log. Checkpoints carry
  // its signature beside the old key's once that entry is in the log, and its
  // alone after RetireOldKeys. Returns the new vkey.
  absl::StatusOr<std::string> RotateKey();
  // FAILED_PRECONDITION unless the newest key's announcement is in the log.
  absl::Status RetireOldKeys();

 private:
  explicit Sequencer(Parts parts);

  absl::Status PrepareEdge(const LogStatus& log);
  // Step's work under the lease.
  absl::StatusOr<SequencerStep> TakeBatch(const LogStatus& held);
  absl::StatusOr<LogStatus> AppendBatch(const LogStatus& log,
                                        const LogBatch& batch);
  absl::StatusOr<std::string> Sign(const LogStatus& log,
                                   const OutboxPosition& before);
  absl::StatusOr<bool> Finish(uint64_t old_size, const LogStatus& log);
  absl::Status Publish(LogStatus log);
  absl::Status Anchor(const LogStatus& log);

  std::unique_ptr<Connection> key_database_;
  std::unique_ptr<Connection> record_database_;
  KeyProvider& provider_;
  const Clock& clock_;
  LogFiles files_;
  const std::string holder_;

  std::optional<Outbox> key_outbox_;
  std::optional<Outbox> record_outbox_;
  std::optional<LogState> state_;
  std::optional<RightEdge> edge_;
  int64_t term_ = 0;             // Of the lease last held.
  uint64_t published_size_ = 0;  // What the file and the anchor say.
  bool is_published_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_SEQUENCER_H_
