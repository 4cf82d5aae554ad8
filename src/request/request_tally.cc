#include "src/request/request_tally.h"

namespace subrosa {

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

void RequestTally::Add(const RequestTraits& traits, int64_t requests) {
  KindTally& kind = kinds_[traits.kind];
  kind.received += requests;
  if (traits.is_open) kind.open += requests;
  if (traits.is_extended) kind.extended += requests;
  kind.appeals += traits.appeals * requests;
  if (traits.is_granted) kind.appeals_granted += requests;
  switch (traits.answer) {
    case RequestAnswer::kCompleted:
      kind.completed += requests;
      break;
    case RequestAnswer::kCompletedInPart:
      kind.completed_in_part += requests;
      break;
    case RequestAnswer::kDenied:
      kind.denied += requests;
      kind.denied_on[traits.ground] += requests;
      break;
    case RequestAnswer::kTakenBack:
      kind.taken_back += requests;
      return;
    default:
      return;
  }
  kind.answered_after[traits.days] += requests;
}

KindTally RequestTally::Total() const {
  KindTally total;
  for (const auto& [kind, tally] : kinds_) total.Add(tally);
  return total;
}

}  // namespace subrosa
