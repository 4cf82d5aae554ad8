// The Steward is what a service calls: every put, get and find of health
// records passes here; erasures are ordered of src/erasure/erasure_run.h. What
// is put is checked and classified; whatever is done with records is done for a
// purpose, and only where the entity's policy, the consumer's choices and the
// law's rules permit it (ConsentGate). Every change leaves an entry, which a
// thread of its own takes into the log.
//
// Thread-compatible: a service of many threads puts through OpenWriter. Any
// number of processes may share one home.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto steward,
//                            Steward::Open(folder, passphrase, {}));
//   SUBROSA_ASSIGN_OR_RETURN(const auto results, steward->Put({&record}));
//
// Errors: PERMISSION_DENIED (what is asked for may not be done; the message
// says why, and which rules stand against it), UNAVAILABLE (a database is
// locked, a disk is full: a retry may work), DATA_LOSS (what was stored does
// not open). No message holds a value from a record.
#ifndef SUBROSA_SRC_STEWARD_STEWARD_H_
#define SUBROSA_SRC_STEWARD_STEWARD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/log_reader.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/signed_note.h"
#include "src/ingest/message_types.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/background_writer.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/steward/intake.h"
#include "src/steward/kind_reader.h"
#include "src/vault/evidence_store.h"
#include "src/vault/group_writer.h"
#include "src/vault/housekeeper.h"
#include "src/vault/index_keeper.h"
#include "src/vault/key_custody.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class Sharing;

struct StewardOptions {
  // The payloads that records may carry: those that are linked into the
  // program, or also a service's own from a descriptor set. Must outlive the
  // steward.
  const MessageTypes* types = MessageTypes::Linked();

  // Must outlive the steward. Null: the machine's clock.
  const Clock* clock = nullptr;
};

class Steward {
 public:
  // Opens the home `folder`, which CreateHome made. Errors as OpenHomeFolder.
  static absl::StatusOr<std::unique_ptr<Steward>> Open(
      const std::string& folder, const SecretBuffer& passphrase,
      const StewardOptions& options);

  const std::string& entity() const { return home_.vault->entity(); }
  // Says what kinds of data records hold, and why. Thread-safe, and valid while
  // this lives.
  KindReader& kinds() { return *kinds_; }
  const MessageTypes& types() const { return *types_; }

  // Decides uses, and records what consumers choose. Thread-safe, and valid
  // while this lives.
  ConsentGate& gate() { return *gate_; }

  // Puts `records` in one durable transaction: one result each, in order. A
  // refused record does not stop the others. On error none was put. A thousand
  // records, or a few MiB, make a good batch.
  absl::StatusOr<std::vector<PutResult>> Put(
      absl::Span<const v1::HealthRecord* const> records);

  // A writer that any number of threads put through; it must not outlive the
  // steward. Errors as Open.
  absl::StatusOr<std::unique_ptr<BackgroundWriter>> OpenWriter(
      const GroupWriterOptions& options);

  // One record by its source and id, to be used for `purpose`. See Vault.
  // PERMISSION_DENIED if it may not be.
  absl::StatusOr<Vault::Found> Get(absl::string_view purpose,
                                   absl::string_view consumer,
                                   absl::string_view source,
                                   absl::string_view id);

  // Hands each record of `consumer` that may be used for `purpose` to `visit`,
  // in no particular order, and returns how many may not be and were left out.
  // Stops at the first error of `visit`. NOT_FOUND if there is no such
  // consumer.
  absl::StatusOr<int64_t> Scan(absl::string_view purpose,
                               absl::string_view consumer,
                               Vault::RecordVisitor visit);

  // The same by a blind index (Vault::Find).
  absl::StatusOr<int64_t> Find(absl::string_view purpose,
                               absl::string_view schema,
                               absl::string_view field, absl::string_view value,
                               Vault::RecordVisitor visit);

  // The same two whatever was chosen: for the answer to a consumer's own
  // request, and for no other use.
  absl::Status ScanForConsumer(absl::string_view consumer,
                               Vault::RecordVisitor visit) {
    return home_.vault->Scan(consumer, visit);
  }
  absl::Status FindForConsumer(absl::string_view schema,
                               absl::string_view field, absl::string_view value,
                               Vault::RecordVisitor visit) {
    return home_.vault->Find(schema, field, value, visit);
  }

  // A consumer's name towards a recipient. See Vault.
  absl::StatusOr<std::string> PseudonymOf(absl::string_view consumer,
                                          absl::string_view recipient,
                                          absl::string_view period) {
    return home_.vault->PseudonymOf(consumer, recipient, period);
  }

  // What the officer does with blind indexes. For use while this lives.
  IndexKeeper Indexes() { return home_.vault->Indexes(); }
  // Visits the clear columns of every record, those of one consumer together.
  absl::Status VisitFacts(RecordStore::RowVisitor visit) {
    return home_.vault->VisitFacts(visit);
  }

  // How many records are held, by what their clear columns say but for days: as
  // counted when they were written, so that no row is read.
  absl::StatusOr<std::vector<HeldRecords>> ReadHeld() {
    return home_.vault->ReadHeld();
  }

  // Of one consumer's. NOT_FOUND as Scan.
  absl::Status VisitFactsOf(absl::string_view consumer,
                            RecordStore::RowVisitor visit) {
    return home_.vault->VisitFactsOf(consumer, visit);
  }

  // How many rows an erasure of `consumer` would delete.
  absl::StatusOr<int64_t> CountRows(absl::string_view consumer) {
    return home_.vault->CountRows(consumer);
  }

  // Waits until no rows of the erased stand, and nothing is left to reseal:
  // Housekeeper::Finish.
  absl::StatusOr<int64_t> FinishErasures(
      const std::function<void(int64_t rows)>& on_progress);

  // What outlives an erasure; what the officer does with the epochs of keys;
  // who may be given data, and giving it (sharing.h). For use while this lives.
  EvidenceStore Evidence() { return home_.vault->Evidence(); }
  KeyCustody Custody() { return home_.vault->Custody(); }
  RecipientRegistry Recipients();
  absl::StatusOr<std::unique_ptr<Sharing>> OpenSharing();

  // Begins to erase a part, or with an empty selection to renew the key: see
  // Vault. ContinueInBackground, FinishErasures or Parts do what is left of it.
  absl::StatusOr<Resealing> ErasePart(absl::string_view consumer,
                                      const PartSelection& selection) {
    return home_.vault->ErasePart(consumer, selection);
  }
  PartErasure Parts() { return home_.vault->Parts(); }

  // Has done in the background what erasures left to do, and returns at once.
  // Errors as Open.
  absl::Status ContinueInBackground();

  // Waits until the log's checkpoint covers all that was done before the call;
  // UNAVAILABLE after some seconds. ReadLog: to read it there.
  absl::Status AwaitCheckpoint();
  absl::StatusOr<LogReader> ReadLog();
  // How large the log is at least, without waiting.
  absl::StatusOr<uint64_t> ReadLogSize();

  // The keys that sign the log, public.
  absl::StatusOr<std::vector<NoteKey>> LogKeys();

  // How sure one can be of an epoch's end at this home's provider.
  Assurance EpochAssurance() const;

  // The key that signs what is handed out to consumers, public; made when it is
  // first asked for. SignExport: `text` as a note signed by it (SignNote).
  absl::StatusOr<NoteKey> ExportKey();
  absl::StatusOr<std::string> SignExport(absl::string_view text);

  // For the rooms of erasures and of consumers' copies alone: a vault of its
  // own, before which no gate stands.
  absl::StatusOr<std::unique_ptr<Vault>> OpenUngatedVault();

  const Clock& clock() const { return *clock_; }
  const std::string& folder() const { return folder_; }

 private:
  Steward() = default;

  absl::Status OpenGate();
  absl::Status StartHousekeeper();

  SystemClock system_clock_;
  const MessageTypes* types_ = nullptr;
  const Clock* clock_ = nullptr;
  std::string folder_;
  OpenHome home_;
  std::unique_ptr<KindReader> kinds_;
  std::unique_ptr<ConsentGate> gate_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Housekeeper> housekeeper_;  // Once something was erased.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_STEWARD_H_
