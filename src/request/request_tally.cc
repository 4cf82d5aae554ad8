#include "src/request/request_tally.h"

#include <algorithm>

#include "src/base/clock.h"
#include "src/request/request_clocks.h"
#include "src/request/request_machine.h"
#include "src/request/request_text.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

constexpr int32_t kMostDays = 3650;

// How a request was answered in the end: the last answer counts.
v1::RequestEventKind AnswerOf(const v1::Request& request) {
  v1::RequestEventKind answer = v1::REQUEST_EVENT_KIND_UNSPECIFIED;
  for (const v1::RequestEvent& event : request.event()) {
    if (event.kind() == v1::REQUEST_EVENT_KIND_COMPLETED ||
        event.kind() == v1::REQUEST_EVENT_KIND_DENIED ||
        event.kind() == v1::REQUEST_EVENT_KIND_TAKEN_BACK) {
      answer = event.kind();
    } else if (event.kind() == v1::REQUEST_EVENT_KIND_APPEAL_GRANTED) {
      answer = v1::REQUEST_EVENT_KIND_UNSPECIFIED;
    }
  }
  return answer;
}

v1::DenialReason ReasonOf(const v1::Request& request) {
  v1::DenialReason reason = v1::DENIAL_REASON_UNSPECIFIED;
  for (const v1::RequestEvent& event : request.event()) {
    if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) reason = event.denial();
  }
  return reason;
}

bool HasRefusedPart(const RequestMachine& machine) {
  return std::any_of(
      machine.parts().begin(), machine.parts().end(), [](const auto& part) {
        return part.second.status == v1::REQUEST_PART_STATUS_REFUSED;
      });
}

}  // namespace

void KindTally::Add(const KindTally& other) {
  received += other.received;
  open += other.open;
  late += other.late;
  completed += other.completed;
  completed_in_part += other.completed_in_part;
  denied += other.denied;
  taken_back += other.taken_back;
  extended += other.extended;
  appeals += other.appeals;
  appeals_granted += other.appeals_granted;
  for (const auto& [ground, count] : other.denied_on) {
    denied_on[ground] += count;
  }
  for (const auto& [days, count] : other.answered_after) {
    answered_after[days] += count;
  }
}

double KindTally::MeanDays() const {
  double days = 0;
  double answered = 0;
  for (const auto& [after, count] : answered_after) {
    days += static_cast<double>(after) * static_cast<double>(count);
    answered += static_cast<double>(count);
  }
  return answered == 0 ? 0 : days / answered;
}

double KindTally::MedianDays() const {
  int64_t answered = 0;
  for (const auto& [after, count] : answered_after) answered += count;
  if (answered == 0) return 0;
  // The middle one; of an even number, the mean of the two.
  const auto nth = [&](int64_t n) {
    for (const auto& [after, count] : answered_after) {
      n -= count;
      if (n < 0) return static_cast<double>(after);
    }
    return 0.0;
  };
  return (nth((answered - 1) / 2) + nth(answered / 2)) / 2;
}

void RequestTally::Add(const RequestView& view, absl::Time now) {
  const RequestMachine& machine = view.machine;
  const absl::CivilDay received_on =
      absl::ToCivilDay(machine.received_at(), absl::UTCTimeZone());
  if (received_on < from_ || received_on > to_) return;
  KindTally& kind = kinds_[machine.kind()];
  ++kind.received;
  if (machine.IsOpen()) {
    ++kind.open;
    const RequestClock* due = StrictestOf(view.clocks);
    if (due != nullptr && due->IsLate(now)) ++kind.late;
  }
  kind.extended += machine.is_extended() ? 1 : 0;
  kind.appeals += machine.appeals();
  kind.appeals_granted += machine.is_granted() ? 1 : 0;
  switch (AnswerOf(view.request())) {
    case v1::REQUEST_EVENT_KIND_COMPLETED:
      ++(HasRefusedPart(machine) ? kind.completed_in_part : kind.completed);
      break;
    case v1::REQUEST_EVENT_KIND_DENIED:
      ++kind.denied;
      ++kind.denied_on[std::string(DenialGround(ReasonOf(view.request())))];
      break;
    case v1::REQUEST_EVENT_KIND_TAKEN_BACK:
      ++kind.taken_back;
      return;
    default:
      return;
  }
  const int32_t days =
      DayOf(machine.answered_at()) - DayOf(machine.received_at());
  ++kind.answered_after[std::min(days, kMostDays)];
}

KindTally RequestTally::Total() const {
  KindTally total;
  for (const auto& [kind, tally] : kinds_) total.Add(tally);
  return total;
}

}  // namespace subrosa
