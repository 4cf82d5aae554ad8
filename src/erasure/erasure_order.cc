#include "src/erasure/erasure_order.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

absl::Status CheckErasureOrder(const ErasureOrder& order) {
  if (order.contact.size() > kMaxErasureContactBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("order.contact: want at most ", kMaxErasureContactBytes,
                     " bytes, got ", order.contact.size()));
  }
  if (!order.officer.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckSlug("order.officer", order.officer));
  }
  if (order.requested_leaf.empty()) return absl::OkStatus();
  const absl::StatusOr<Leaf> leaf = ParseLeaf(order.requested_leaf);
  if (!leaf.ok() || leaf->kind != LeafKind::kRequestStep ||
      leaf->numbers[0] != v1::REQUEST_KIND_DELETE || leaf->numbers[1] != 1) {
    return absl::InvalidArgumentError(
        "order.requested_leaf: want the leaf of a request to delete that came "
        "in, got another");
  }
  return absl::OkStatus();
}

bool AddRequest(const ErasureOrder& order, v1::StoredErasure* erasure) {
  const auto& refs = erasure->request_ref();
  if (order.request_ref.empty() ||
      std::find(refs.begin(), refs.end(), order.request_ref) != refs.end()) {
    return false;
  }
  erasure->add_request_ref(order.request_ref);
  return true;
}

ErasureOrder OrderOfErasure(const v1::StoredErasure& erasure) {
  ErasureOrder order;
  order.consumer = erasure.consumer();
  order.times.requested_at = absl::FromUnixSeconds(erasure.requested_at());
  order.times.authenticated_at =
      absl::FromUnixSeconds(erasure.authenticated_at());
  order.facts = erasure.facts();
  order.officer = erasure.ordered_by();
  order.hold = !erasure.hold_rule().empty();
  return order;
}

v1::ConsumerFacts MergeFacts(v1::ConsumerFacts known,
                             const v1::ConsumerFacts& said) {
  if (known.residence().empty()) known.set_residence(said.residence());
  known.mutable_place_of_collection()->MergeFrom(said.place_of_collection());
  return known;
}

}  // namespace subrosa
