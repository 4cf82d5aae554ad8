// Counts what became of requests: what 11 CCR 7102 has large entities publish,
// and what an officer looks at.
//
// Thread-compatible. Memory does not grow with the number of requests.
//
// Source: 11 CCR 7102(a); whole and in part are told apart, and both mean and
// median are given, for those who ask for more.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_TALLY_H_
#define SUBROSA_SRC_REQUEST_REQUEST_TALLY_H_

#include <cstdint>
#include <map>
#include <string>

#include "src/request/request_traits.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// Of the requests of one kind.
struct KindTally {
  int64_t received = 0;
  int64_t open = 0;
  int64_t late = 0;  // Open, and a clock ran out.
  int64_t completed = 0;
  int64_t completed_in_part = 0;
  int64_t denied = 0;
  int64_t taken_back = 0;
  // By ground (DenialGround).
  std::map<std::string, int64_t> denied_on;
  int64_t extended = 0;
  int64_t appeals = 0;
  int64_t appeals_granted = 0;
  // Days from receipt to the answer, of those that were answered by us, by how
  // many there were of each. Days beyond 3,650 count as that.
  std::map<int32_t, int64_t> answered_after;

  // Counts what `other` counts besides.
  void Add(const KindTally& other);

  // 0 where nothing was answered.
  double MeanDays() const;
  double MedianDays() const;
};

class RequestTally {
 public:
  // Counts `requests` more of `traits`.
  void Add(const RequestTraits& traits, int64_t requests);
  // One of those of `kind` that are open is late.
  void AddLate(v1::RequestKind kind) { ++kinds_[kind].late; }

  // By kind; a kind of which there was none has no entry.
  const std::map<v1::RequestKind, KindTally>& kinds() const { return kinds_; }
  // All kinds together.
  KindTally Total() const;

 private:
  std::map<v1::RequestKind, KindTally> kinds_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_TALLY_H_
