// The parts of a request to delete, as its erasure has them: the home's own
// records, each store, each recipient. While one of them is silent the request
// cannot be completed.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_REQUEST_PARTS_H_
#define SUBROSA_SRC_ERASURE_REQUEST_PARTS_H_

#include <string>
#include <vector>

#include "src/request/request_desk.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// The part that stands for `party` of `erasure`: its id, with its kind where a
// store and a recipient have the same, or it is kRecordsPart.
std::string PartOf(const v1::ErasureParty& party,
                   const v1::StoredErasure& erasure);

// The steps that are missing until the parts of `view` are where `erasure` is:
// each is sent, then what it answered. One that the request has as having
// refused before is not taken as having refused anew. Steps have no time.
std::vector<v1::RequestEvent> MissingPartSteps(
    const RequestView& view, const v1::StoredErasure& erasure);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_REQUEST_PARTS_H_
