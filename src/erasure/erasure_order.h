// What an erasure is ordered with.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_ORDER_H_
#define SUBROSA_SRC_ERASURE_ERASURE_ORDER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "src/erasure/erasure_terms.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

inline constexpr size_t kMaxErasureContactBytes = 512;

struct ErasureOrder {
  std::string consumer;  // An account id.
  ErasureTimes times;
  // The bytes of the log's leaf about the request; empty: there is none.
  std::string requested_leaf;
  // How the consumer is reached with the final certificate; may be empty.
  std::string contact;
  // What the request says of the consumer, where nothing else is known.
  v1::ConsumerFacts facts;
  // The request's reference; empty: there is none that is to be told.
  std::string request_ref;
  // Who orders it, a slug; empty: it is not said. Required where the policy
  // wants two officers.
  std::string officer;
  // It waits until it is released: legal claims need what would be erased.
  bool hold = false;
};

// INVALID_ARGUMENT for a leaf that is none of a request to delete, a contact
// that is too long, or an officer who is no slug.
absl::Status CheckErasureOrder(const ErasureOrder& order);

// Has `erasure` tell the order's request of it. Returns whether that is new.
bool AddRequest(const ErasureOrder& order, v1::StoredErasure* erasure);

// What `erasure` was ordered with, to plan it again.
ErasureOrder OrderOfErasure(const v1::StoredErasure& erasure);

// `known` of a consumer, with what `said` has where that is nothing.
v1::ConsumerFacts MergeFacts(v1::ConsumerFacts known,
                             const v1::ConsumerFacts& said);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_ORDER_H_
