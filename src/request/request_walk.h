// For tests: walks every state that a request can come to, with two parts and
// two appeals at most, trying every step in each.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_WALK_H_
#define SUBROSA_SRC_REQUEST_REQUEST_WALK_H_

#include <map>
#include <string>

#include "src/request/request_machine.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// A state by all that can change what may follow, without times:
// "working ack=1 auth=1 ext=0 granted=0 final=0 appeals=0 a=sent b=none".
std::string WalkStateName(const RequestMachine& machine);

// A step by what it is: "officer denied not-authenticated", "service part-done
// a".
std::string WalkStepName(const v1::RequestEvent& event);

struct WalkedState {
  RequestMachine machine;
  // To which state each step leads that is allowed.
  std::map<std::string, std::string> steps;
};

// By name. The start is the state before the first step.
std::map<std::string, WalkedState> WalkRequests(v1::RequestKind kind,
                                                Authenticating authenticating);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_WALK_H_
