#include "src/request/request_walk.h"

#include <deque>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/request/request_text.h"

namespace subrosa {
namespace {

constexpr int kMostAppeals = 2;
constexpr const char* kParts[] = {"a", "b"};

std::vector<v1::RequestEvent> AllSteps() {
  std::vector<v1::RequestEvent> steps;
  for (int kind = 1; kind < v1::RequestEventKind_ARRAYSIZE; ++kind) {
    for (int actor = 1; actor < v1::RequestActor_ARRAYSIZE; ++actor) {
      v1::RequestEvent event;
      event.set_kind(static_cast<v1::RequestEventKind>(kind));
      event.set_by(static_cast<v1::RequestActor>(actor));
      event.mutable_at()->set_seconds(1'800'000'000);
      switch (kind) {
        case v1::REQUEST_EVENT_KIND_AUTHENTICATED:
          event.mutable_authentication()->set_account_login(true);
          break;
        case v1::REQUEST_EVENT_KIND_EXTENDED:
        case v1::REQUEST_EVENT_KIND_DENIED:
        case v1::REQUEST_EVENT_KIND_APPEAL_GRANTED:
        case v1::REQUEST_EVENT_KIND_APPEAL_DENIED:
          event.set_reason("as told");
          break;
        case v1::REQUEST_EVENT_KIND_PART_SENT:
          event.set_part_kind(v1::REQUEST_PART_KIND_STORE);
          break;
        default:
          break;
      }
      if (kind == v1::REQUEST_EVENT_KIND_DENIED) {
        for (const auto reason :
             {v1::DENIAL_REASON_NOT_AUTHENTICATED, v1::DENIAL_REASON_EXEMPT,
              v1::DENIAL_REASON_REFUSED_BY_ALL}) {
          event.set_denial(reason);
          steps.push_back(event);
        }
      } else if (kind >= v1::REQUEST_EVENT_KIND_PART_SENT &&
                 kind <= v1::REQUEST_EVENT_KIND_PART_REFUSED) {
        for (const char* part : kParts) {
          event.set_part(part);
          steps.push_back(event);
        }
      } else {
        steps.push_back(event);
      }
    }
  }
  return steps;
}

}  // namespace

std::string WalkStateName(const RequestMachine& machine) {
  std::string name =
      absl::StrCat(machine.status() == v1::REQUEST_STATUS_UNSPECIFIED
                       ? "none"
                       : RequestStatusSlug(machine.status()),
                   " ack=", machine.is_acknowledged() ? 1 : 0,
                   " auth=", machine.is_authenticated() ? 1 : 0,
                   " ext=", machine.is_extended() ? 1 : 0,
                   " granted=", machine.is_granted() ? 1 : 0,
                   " final=", machine.is_refusal_final() ? 1 : 0,
                   " appeals=", machine.appeals());
  if (machine.status() == v1::REQUEST_STATUS_APPEALED) {
    absl::StrAppend(&name, " of=", RequestStatusSlug(machine.refused_as()));
  }
  for (const char* slug : kParts) {
    const auto part = machine.parts().find(slug);
    absl::StrAppend(&name, " ", slug, "=",
                    part == machine.parts().end()
                        ? "none"
                        : RequestPartStatusSlug(part->second.status));
  }
  return name;
}

std::string WalkStepName(const v1::RequestEvent& event) {
  std::string name = absl::StrCat(RequestActorSlug(event.by()), " ",
                                  RequestEventSlug(event.kind()));
  if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) {
    absl::StrAppend(&name, " ", DenialReasonSlug(event.denial()));
  }
  if (!event.part().empty()) absl::StrAppend(&name, " ", event.part());
  return name;
}

std::map<std::string, WalkedState> WalkRequests(v1::RequestKind kind,
                                                Authenticating authenticating) {
  const std::vector<v1::RequestEvent> all_steps = AllSteps();
  std::map<std::string, WalkedState> walked;
  const RequestMachine start(kind, authenticating);
  std::deque<std::string> waiting = {WalkStateName(start)};
  walked.emplace(waiting.front(), WalkedState{start, {}});
  while (!waiting.empty()) {
    WalkedState& state = walked.at(waiting.front());
    waiting.pop_front();
    for (const v1::RequestEvent& event : all_steps) {
      if (event.kind() == v1::REQUEST_EVENT_KIND_APPEALED &&
          state.machine.appeals() == kMostAppeals) {
        continue;
      }
      RequestMachine next = state.machine;
      if (!next.Apply(event).ok()) continue;
      const std::string name = WalkStateName(next);
      state.steps.emplace(WalkStepName(event), name);
      if (walked.emplace(name, WalkedState{next, {}}).second) {
        waiting.push_back(name);
      }
    }
  }
  return walked;
}

}  // namespace subrosa
