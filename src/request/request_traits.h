// What reports count of a request, and nothing else of it. Requests that are
// alike in all of it are counted together (request_counts.h).
//
// What traits there are, and how they follow from a request, is part of the
// record store's format: whoever changes it has every store count anew
// (docs/formats/stores.md, `request_uncounted`).
//
// Thread-safe: no state.
//
// Source: 11 CCR 7102(a).
#ifndef SUBROSA_SRC_REQUEST_REQUEST_TRAITS_H_
#define SUBROSA_SRC_REQUEST_REQUEST_TRAITS_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "src/request/request_machine.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// How a request was answered in the end: the last answer counts, and none since
// a granted appeal has made it void. Numbers are stored.
enum class RequestAnswer {
  kNone = 0,
  kCompleted = 1,
  kCompletedInPart = 2,  // A part was refused.
  kDenied = 3,
  kTakenBack = 4,  // No answer of ours.
};

struct RequestTraits {
  int64_t received_year = 0;  // In UTC.
  v1::RequestKind kind = v1::REQUEST_KIND_UNSPECIFIED;
  std::string residence;  // ISO 3166-2; empty: not known.
  bool is_open = false;
  RequestAnswer answer = RequestAnswer::kNone;
  std::string ground;  // Of a denial (DenialGround); else empty.
  // From receipt to an answer of ours; days beyond 3,650 count as that.
  int32_t days = 0;
  bool is_extended = false;
  int32_t appeals = 0;
  bool is_granted = false;  // An appeal was.

  auto Tie() const {
    return std::tie(received_year, kind, residence, is_open, answer, ground,
                    days, is_extended, appeals, is_granted);
  }
  friend bool operator<(const RequestTraits& a, const RequestTraits& b) {
    return a.Tie() < b.Tie();
  }
  friend bool operator==(const RequestTraits& a, const RequestTraits& b) {
    return a.Tie() == b.Tie();
  }
};

// Of `request`, whose steps `machine` has taken.
RequestTraits TraitsOf(const v1::Request& request,
                       const RequestMachine& machine);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_TRAITS_H_
