// DueNotices are what recipients have to be told to delete: after an erasure,
// all who were given data; after an erasure of a part, who may have been given
// any of it; after a revocation, the one it is about. This room plans them all,
// and keeps and hands over those of revocations and parts, which an officer
// sends; those of an erasure are kept with its order.
//
// A notice must outlive its consumer, whose ledger ends with their keys, and
// must lead to nobody afterwards. So it names the consumer only by the
// pseudonyms that the recipient knows, is sealed under the evidence key of the
// year after (src/vault/evidence_keys.h), and ends with that key if it was not
// settled before. Its reference is a PRF under the consumer's stable secret:
// the same notice queued twice is there once, and once the consumer is erased
// nobody can say whose it was.
//
// Thread-compatible. Errors are those of Connection and KeyStore, besides what
// is said below.
//
// Security: in clear rest the recipient's slug and the day. Who opens one
// learns that the recipient had data of somebody of that pseudonym, which the
// recipient knows.
//
// Source: RCW 19.373.040(1)(c)(i)(B); NRS 603A.515; 11 CCR 7022(b).
#ifndef SUBROSA_SRC_DISCLOSURE_DUE_NOTICES_H_
#define SUBROSA_SRC_DISCLOSURE_DUE_NOTICES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/part_erasure.h"
#include "src/vault/vault.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {

inline constexpr size_t kNoticeRefBytes = 16;

class DueNotices {
 public:
  // All must outlive it.
  DueNotices(Vault& vault, DisclosureLedger& ledger, const Clock& clock)
      : vault_(vault),
        ledger_(ledger),
        clock_(clock),
        evidence_keys_(vault.keys().Tables()) {}

  // Whom an erasure of `consumer` has to be told to, and of what: one notice a
  // recipient. Keeps nothing: they stand in the erasure's entry
  // (src/erasure/erasure_book.h).
  absl::StatusOr<std::vector<v1::DueNotice>> Plan(
      const ConsumerHandle& consumer);

  // The same for the erasure of `part`: of the recipients that were given data
  // of the kinds that are in it, or of kinds that nobody said, since the first
  // of it was collected. So whoever has any of it is told; what a disclosure
  // held is not known more closely than that. They are to answer by `due_day`,
  // since 1970-01-01. None if `part` has no rows.
  //
  // The second keeps them durably: to be called before the erasure. Returns how
  // many were not there yet. NOT_FOUND if there is no such consumer; on error
  // none was kept.
  absl::StatusOr<std::vector<v1::DueNotice>> PlanForPart(
      absl::string_view consumer, const SelectedPart& part, int32_t due_day);
  absl::StatusOr<int64_t> QueueForPart(absl::string_view consumer,
                                       const SelectedPart& part,
                                       int32_t due_day);

  // The same two for one recipient and `purpose`, or all purposes if it is
  // empty; none if it was given nothing for it.
  absl::StatusOr<std::vector<v1::DueNotice>> PlanForRevocation(
      absl::string_view consumer, absl::string_view recipient,
      absl::string_view purpose);
  absl::StatusOr<int64_t> QueueForRevocation(absl::string_view consumer,
                                             absl::string_view recipient,
                                             absl::string_view purpose);

  // Hands over each notice that is not settled, of `recipient` or of all if it
  // is empty, in an order that tells nothing; stops at the first error of
  // `visit` and returns it. `visit` must not write to the record store.
  // DATA_LOSS if one does not open.
  using NoticeVisitor = absl::FunctionRef<absl::Status(
      absl::string_view notice_ref, const v1::DueNotice& notice)>;
  absl::Status Visit(absl::string_view recipient, NoticeVisitor visit);

  // Forgets a notice, once it was sent and answered. NOT_FOUND if there is none
  // such.
  absl::Status Settle(absl::string_view notice_ref);

  // Deletes those whose year is over. Returns how many there were: they were
  // never settled, and whoever calls it is to say so.
  absl::StatusOr<int64_t> DeleteExpired();

 private:
  absl::StatusOr<int64_t> Keep(absl::string_view consumer,
                               std::vector<v1::DueNotice> notices);

  Vault& vault_;
  DisclosureLedger& ledger_;
  const Clock& clock_;
  EvidenceKeys evidence_keys_;
};

// Whether `notice` should have been answered before `today`, days since
// 1970-01-01. One for which no day was set never is.
bool IsOverdue(const v1::DueNotice& notice, int32_t today);

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_DUE_NOTICES_H_
