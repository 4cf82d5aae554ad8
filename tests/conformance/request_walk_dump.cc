// Prints every state that the request machine can come to and every step out of
// it, for request_model_test.py: kind TAB state TAB step TAB next state.
#include <cstdio>
#include <map>
#include <string>

#include "src/request/request_machine.h"
#include "src/request/request_text.h"
#include "src/request/request_walk.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

void Dump(v1::RequestKind kind, Authenticating authenticating) {
  const std::string name =
      RequestKindSlug(kind) +
      (authenticating == Authenticating::kNeeded ? " needed" : " not-needed");
  for (const auto& [state, walked] : WalkRequests(kind, authenticating)) {
    for (const auto& [step, next] : walked.steps) {
      std::printf("%s\t%s\t%s\t%s\n", name.c_str(), state.c_str(), step.c_str(),
                  next.c_str());
    }
  }
}

}  // namespace
}  // namespace subrosa

int main() {
  using subrosa::Authenticating;
  subrosa::Dump(subrosa::v1::REQUEST_KIND_DELETE, Authenticating::kNeeded);
  subrosa::Dump(subrosa::v1::REQUEST_KIND_ACCESS, Authenticating::kNeeded);
  subrosa::Dump(subrosa::v1::REQUEST_KIND_OPT_OUT, Authenticating::kNotNeeded);
  return 0;
}
