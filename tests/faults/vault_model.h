// A VaultModel knows what a vault may hold, by what its users began to do with
// it and what they were told: for each record, the contents that it may have
// now, and for each consumer, whether they are held and whether they were
// erased. What was begun and not answered may have been done or not; what was
// acknowledged was done.
//
// It reads lines, so that a process can write them to a ledger before and after
// each thing it does, and another can go on after it was killed:
//
//   begin put CONSUMER RECORD NUMBER …   done put OUTCOME …
//   begin erase CONSUMER                 done erase
//   begin part CONSUMER RECORD           done part
//   begin renew CONSUMER                 done renew
//   begin backup NAME                    done backup
//   begin restore NAME keys|records|both done restore
//   begin OTHER …                        done OTHER …
//   failed OPERATION                     after an error; nothing follows a kill
//   seen CONSUMER held|gone|erased|unsure RECORD NUMBER …
//                                        what a comparison settled
//
// NUMBER stands for a content, and is above 0. After a restore earlier backups
// are not restored again.
//
// Thread-compatible.
#ifndef SUBROSA_TESTS_FAULTS_VAULT_MODEL_H_
#define SUBROSA_TESTS_FAULTS_VAULT_MODEL_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The words for outcomes in a ledger: "added".
absl::string_view PutOutcomeWord(PutOutcome outcome);

// A record whose content is `number`, and back; 0 if it is no such record.
v1::HealthRecord NumberedRecord(absl::string_view consumer,
                                absl::string_view id, int64_t number);
int64_t NumberOf(const v1::HealthRecord& record);

class VaultModel {
 public:
  // Takes a line of a ledger; false if it is none.
  bool Apply(absl::string_view line);

  // Compares what `vault` holds with what it may hold, takes that for what is
  // so from now on, and returns what is wrong, in words.
  std::vector<std::string> Compare(Vault& vault);
  // The lines that say what the comparisons settled since it was asked last.
  std::vector<std::string> TakeSeen();

  // Consumers whose erasure was acknowledged, and has to hold even while the
  // home is in the middle of something.
  std::vector<std::string> ErasedConsumers() const;
  std::vector<std::string> HeldConsumers() const;
  int64_t erasures() const { return erasures_; }  // Acknowledged.

  // The operation that was begun and not answered; empty if there is none.
  const std::string& pending() const { return pending_; }
  const std::vector<std::string>& pending_words() const { return words_; }
  // The newest backup that can be restored; empty if there is none.
  const std::string& backup() const { return backup_; }

  // What may be left for a later rotation, retirement or sweep to tidy.
  bool may_have_orphaned_object() const { return orphaned_object_; }
  bool may_lack_object() const { return lacks_object_; }
  bool may_have_orphaned_rows() const { return orphaned_rows_; }

  // Whether a consumer's key was renewed since the backup: a part of what is
  // held of them erased, say. An older key store alone then lacks what newer
  // rows are sealed under.
  bool has_new_versions() const { return has_new_versions_; }

 private:
  enum class Answer { kNo, kMaybe, kYes };
  struct Consumer {
    Answer held = Answer::kNo;
    Answer erased = Answer::kNo;
    bool was_held = false;  // When an erasure was begun.
    // By record: the contents that it may have; 0 stands for none.
    std::map<std::string, std::set<int64_t>> records;
    // That were erased by themselves since the backup.
    std::set<std::string> erased_records;

    bool operator==(const Consumer& other) const;
  };
  using Consumers = std::map<std::string, Consumer>;

  void Begin();
  void Done(const std::vector<std::string>& answers);
  void BeginPut();
  void DonePut(const std::vector<std::string>& outcomes);
  void DoneRestore();
  void See(const std::vector<std::string>& words);
  static void Lose(Consumer* consumer);
  void CompareConsumer(const std::string& name, Consumer* consumer,
                       Vault& vault, std::vector<std::string>* wrong);

  Consumers consumers_;
  Consumers backed_up_;
  std::string backup_;
  std::string pending_;
  std::vector<std::string> words_;       // Of the pending operation.
  std::vector<std::string> violations_;  // Of the answers.
  std::vector<std::string> seen_;
  int64_t erasures_ = 0;
  bool orphaned_object_ = false;
  bool lacks_object_ = false;
  bool orphaned_rows_ = false;
  bool has_new_versions_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_VAULT_MODEL_H_
