// Bytes from strangers, as a request: what a form, an agent or a service hands
// in, a v1::Request in protobuf's wire format after a first byte; or, where
// that is odd, a letter's template of the entity's own.
//
// What must hold: a request is taken or refused with INVALID_ARGUMENT; whatever
// steps it carries, none answers it while a part is silent, every clock has its
// end, and what was taken is taken again the same. A template is refused, or
// writes a letter without braces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/request/letter_book.h"
#include "src/request/request_check.h"
#include "src/request/request_clocks.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// What of the steps of `request` may be taken, taken.
v1::Request TakeSteps(const v1::Request& request) {
  v1::Request taken = request;
  taken.clear_event();
  RequestMachine machine(request.kind(), request.without_authentication()
                                             ? Authenticating::kNotNeeded
                                             : Authenticating::kNeeded);
  for (const v1::RequestEvent& event : request.event()) {
    const RequestMachine before = machine;
    if (!machine.Apply(event).ok()) {
      Require(machine.status() == before.status() &&
              machine.parts().size() == before.parts().size());
      continue;
    }
    *taken.add_event() = event;
    if (!machine.IsOpen()) Require(machine.CountSilent() == 0);
    Require(before.status() != v1::REQUEST_STATUS_CLOSED);
  }
  return taken;
}

void RunRequest(absl::string_view bytes) {
  v1::Request request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return;
  }
  const absl::Status checked =
      CheckNewRequest(request, absl::FromUnixSeconds(1'800'000'000));
  Require(checked.ok() || absl::IsInvalidArgument(checked));
  const v1::Request taken = TakeSteps(request);
  const absl::StatusOr<RequestMachine> machine = MachineOf(taken);
  Require(machine.ok());
  const auto clocks = ClocksOf(SampleRequestLaw(), taken, *machine);
  Require(clocks.ok());
  for (const RequestClock& clock : *clocks) {
    Require(clock.rule != nullptr && clock.started_at <= clock.due_at);
  }
  // Long after, only what has not started can still be extended.
  const bool waits = std::any_of(clocks->begin(), clocks->end(),
                                 [](const RequestClock& clock) {
                                   return clock.state == ClockState::kWaiting;
                                 });
  Require(waits || !CheckExtension(*clocks, absl::InfiniteFuture()).ok());
}

void RunTemplate(absl::string_view text) {
  static const LetterBook* const shipped =
      new LetterBook(LetterBook::BuiltIn().value());
  LetterBook book = *shipped;
  for (int i = 0; i < kLetterCount; ++i) {
    const auto letter = static_cast<Letter>(i);
    const absl::Status taken =
        book.Replace(absl::StrCat(LetterName(letter), ".txt"), text);
    Require(taken.ok() || absl::IsInvalidArgument(taken));
    if (!taken.ok()) continue;
    const absl::StatusOr<std::string> written = book.Write(
        letter, {{"reason", "r"}, {"due_on", "d"}, {"regulator", "g"}});
    Require(written.ok() && !absl::StrContains(*written, "{"));
  }
  const absl::Status table = book.Replace("regulators.tsv", text);
  Require(table.ok() || absl::IsInvalidArgument(table));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > (size_t{1} << 16)) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                                size - 1);
  if (data[0] % 2 == 0) {
    subrosa::RunRequest(bytes);
  } else {
    subrosa::RunTemplate(bytes);
  }
  return 0;
}
