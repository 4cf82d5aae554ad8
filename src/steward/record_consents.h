// RecordConsents keep in memory the consents that stand of the consumers of
// whom records are being put, so that each record's consent_ref is held against
// the ledger without reading it again.
//
// Thread-safe.
//
// Security: holds account ids, and the names of their consents, of the last
// kMaxConsumers.
#ifndef SUBROSA_SRC_STEWARD_RECORD_CONSENTS_H_
#define SUBROSA_SRC_STEWARD_RECORD_CONSENTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/consent/consent_ledger.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

using StandingConsents = std::vector<StandingConsent>;

class RecordConsents {
 public:
  // Beyond it all are forgotten and kept anew.
  static constexpr size_t kMaxConsumers = 10'000;

  // Null if `consumer`'s are not kept.
  std::shared_ptr<const StandingConsents> Find(
      absl::string_view consumer) const;

  void Put(absl::string_view consumer,
           std::shared_ptr<const StandingConsents> consents);
  void Forget(absl::string_view consumer);
  void Clear();

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  absl::flat_hash_map<std::string, std::shared_ptr<const StandingConsents>>
      kept_;
};

// INVALID_ARGUMENT, "consent_ref: want …, got …", unless the consent that
// `record` names is one of `consents`, and covers collecting the `categories`
// that the record has (as bits) for its purpose on `day`.
absl::Status CheckConsentRef(const v1::HealthRecord& record,
                             uint32_t categories, int32_t day,
                             const StandingConsents& consents);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_RECORD_CONSENTS_H_
