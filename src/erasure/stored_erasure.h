// What is kept of an erasure (erasure.proto), and how it changes as parties are
// told and answer.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_STORED_ERASURE_H_
#define SUBROSA_SRC_ERASURE_STORED_ERASURE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/erasure/connector.h"
#include "src/erasure/erasure_terms.h"
#include "src/vault/consumer_erasure.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

// The order to the vault, and back.
PreparedErasure PreparedOf(const v1::StoredErasure& erasure);
void SetPrepared(const PreparedErasure& prepared, v1::StoredErasure* erasure);

// Has the leaf that is prepared say `day`. All else of it stays, its tag among
// it: so it is known again in the log by whoever has an older one.
absl::Status SetErasedDay(uint32_t day, v1::StoredErasure* erasure);

// The day by which one who is told at `now` has to have answered, since
// 1970-01-01: within the days of `connector`, which may be null, or when
// `terms` say, or in 30 days.
int32_t AnswerDueDay(v1::PartyKind kind, const v1::Connector* connector,
                     const ErasureTerms& terms, absl::Time now);

// Fills in a party that is yet to be told: at once by `connector`, or by an
// officer if that is null. It has to have answered by AnswerDueDay.
void BeginParty(v1::PartyKind kind, const std::string& id,
                const v1::Connector* connector, const ErasureTerms& terms,
                absl::Time now, v1::ErasureParty* party);

// Whether a party may still answer: it is neither done nor has it refused.
bool IsOpen(const v1::CertificateParty& party);
bool HasOpenParty(const v1::StoredErasure& erasure);

// Whether one whose keys are not destroyed may be carried out on `today`: it
// waits for no second officer, hold or day.
bool IsReady(const v1::StoredErasure& erasure, int32_t today);

// Whether both are the same party, and were to be told of the same.
bool IsSameParty(const v1::ErasureParty& one, const v1::ErasureParty& other);

// Takes over into `kept` what parties answered in `told`, another copy of the
// same erasure. Where both have an answer the one that says more stays (over,
// accepted, silent), and of two that are over the one in `kept`.
void MergeAnswers(const v1::StoredErasure& told, v1::StoredErasure* kept);

// Whether a connector is to tell it now. A time that is further ahead than the
// longest pause is that of a clock that was ahead, and counts as come.
bool IsTimeToTell(const v1::ErasureParty& party, absl::Time now);

// Takes what it said at `now`. A connector asks one that is silent again after
// a minute, and then less and less often up to once a day; one that accepted,
// once a day. What it said once stays if it is silent later.
void TakeReply(const PartyReply& reply, absl::Time now,
               v1::ErasureParty* party);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_STORED_ERASURE_H_
