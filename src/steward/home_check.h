// Whether the stores of a home, or copies of them, are whole: as databases, as
// a pair, against the log, and record by record.
//
// What needs no passphrase: that SQLite finds pages, tables and indexes in
// order; that each is the store it is taken for, of a version that this program
// knows; that the two belong together; that what is counted of records is what
// the rows say; in a home, that its parts agree on the log.
//
// With the passphrase also: that every key, directory entry and record opens,
// which finds a changed byte wherever it stands; in a home, whether there are
// rows that lead to nobody (src/vault/orphans.h).
//
// Others may go on using a home meanwhile. While its key store is gone through,
// some seconds for a million consumers, its journal cannot be emptied: an
// erasure then waits, up to ten seconds.
#ifndef SUBROSA_SRC_STEWARD_HOME_CHECK_H_
#define SUBROSA_SRC_STEWARD_HOME_CHECK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/secret_buffer.h"
#include "src/vault/orphans.h"
#include "src/vault/record_check.h"
#include "src/vault/record_counts.h"
#include "src/vault/store_facts.h"
#include "src/vault/vault.h"

namespace subrosa {

struct HomeCheckOptions {
  // Copies, which nothing writes to and which are not changed; both empty: the
  // home's own stores. A copy of the record store alone is opened with the
  // home's key store.
  std::string keys_file;
  std::string records_file;
  // Of the home's keyring. Null: nothing is opened.
  const SecretBuffer* passphrase = nullptr;
  // Leaves out what takes long: indexes, counting, and opening anything.
  bool quick = false;
  // Of a home, with the passphrase: deletes the rows that lead to nobody, if
  // nothing else is wrong.
  bool sweep = false;
  // Of a home, with the passphrase: writes anew what was counted wrongly, which
  // then is no fault, if nothing was wrong before.
  bool recount = false;
  // May be null. Checks, with the passphrase, what rooms above keep in the
  // record store, and hands each fault to its second argument.
  std::function<absl::Status(
      Vault& vault, const std::function<void(absl::string_view fault)>& fault)>
      check_more;
  // May be null. Told now and then what is being done, and how far it is.
  std::function<void(absl::string_view what, int64_t done)> on_progress;

  bool is_of_home() const { return keys_file.empty() && records_file.empty(); }
};

struct CheckedStore {
  StoreKind kind = StoreKind::kKeys;
  std::string file;
  int64_t bytes = 0;
  std::optional<StoreFacts> facts;  // If they could be read.
};

struct HomeCheck {
  std::vector<CheckedStore> stores;  // Those that were asked about.
  // Nothing where it was not looked at. Of a key store alone, no rows.
  std::optional<RecordCheck> records;
  std::optional<OrphanCount> orphans;
  bool is_swept = false;
  // Of what is counted of records (src/vault/record_counts.h).
  std::optional<CountsCheck> counts;
  bool is_recounted = false;
  int64_t fault_count = 0;
  std::vector<std::string> faults;  // The first hundred, in words.

  bool ok() const { return fault_count == 0; }
  // `part` may be empty, if `fault` names it.
  void AddFault(absl::string_view part, absl::string_view fault);
};

// Checks. What is wrong with the stores is a fault and no error, rows that lead
// to nobody among it. INVALID_ARGUMENT for a sweep or a recount of copies,
// without the passphrase, or a quick one; NOT_FOUND for a missing home or file;
// else, as Keyring::Open, for a wrong passphrase, and UNAVAILABLE.
absl::StatusOr<HomeCheck> CheckHome(const std::string& folder,
                                    const HomeCheckOptions& options,
                                    const Clock& clock);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_CHECK_H_
