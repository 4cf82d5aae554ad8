#include "src/consent/standing.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/clock.h"

namespace subrosa {
namespace {

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

// Over which actions a choice goes that names none.
std::vector<v1::Action> ActionsOf(const v1::Choice& choice) {
  std::vector<v1::Action> actions;
  for (const int action : choice.action()) {
    actions.push_back(static_cast<v1::Action>(action));
  }
  if (!actions.empty()) return actions;
  switch (choice.kind()) {
    case v1::CHOICE_KIND_SIGNAL:
      return {v1::ACTION_SHARE, v1::ACTION_SELL};
    case v1::CHOICE_KIND_LIMIT:
      return {v1::ACTION_USE, v1::ACTION_SHARE, v1::ACTION_SELL};
    default:
      return {v1::ACTION_UNSPECIFIED};
  }
}

bool IsYes(v1::ChoiceKind kind) {
  return kind == v1::CHOICE_KIND_CONSENT ||
         kind == v1::CHOICE_KIND_AUTHORIZATION;
}

// Whether nothing of `old` matters once `added` is there.
bool TakesPlaceOf(const v1::StandingChoice& added,
                  const v1::StandingChoice& old) {
  const bool covers =
      (added.action() == old.action() ||
       added.action() == v1::ACTION_UNSPECIFIED) &&
      (added.purpose() == old.purpose() || added.purpose().empty()) &&
      (added.recipient() == old.recipient() || added.recipient().empty()) &&
      (added.categories() == 0 ||
       (old.categories() != 0 &&
        (old.categories() & ~added.categories()) == 0));
  if (!covers) return false;
  switch (added.kind()) {
    case v1::CHOICE_KIND_OPT_OUT:
    case v1::CHOICE_KIND_SIGNAL:
      return old.kind() != v1::CHOICE_KIND_LIMIT;
    case v1::CHOICE_KIND_REFUSAL:
    case v1::CHOICE_KIND_WITHDRAWAL:
      return IsYes(old.kind()) || old.kind() == v1::CHOICE_KIND_REFUSAL ||
             old.kind() == v1::CHOICE_KIND_WITHDRAWAL;
    case v1::CHOICE_KIND_LIMIT:
      return old.kind() == v1::CHOICE_KIND_LIMIT;
    default:
      // A yes that ends leaves what it covers to stand again.
      if (added.until_day() != 0) return false;
      return !IsYes(old.kind()) ||
             (old.kind() == added.kind() && old.actor() == added.actor());
  }
}

}  // namespace

absl::Status FoldChoice(const v1::Choice& choice, uint64_t number,
                        int32_t today, v1::Standing* standing) {
  static const std::string* const kAll = new std::string;
  std::vector<const std::string*> purposes;
  for (const std::string& purpose : choice.purpose()) {
    purposes.push_back(&purpose);
  }
  if (purposes.empty()) purposes.push_back(kAll);
  std::vector<const std::string*> recipients;
  for (const std::string& recipient : choice.recipient()) {
    recipients.push_back(&recipient);
  }
  if (recipients.empty()) recipients.push_back(kAll);
  const std::vector<v1::Action> actions = ActionsOf(choice);
  const size_t size = actions.size() * purposes.size() * recipients.size();
  if (size > kMaxChoicesOfEntry) {
    return absl::InvalidArgumentError(absl::StrCat(
        "choice: want at most ", kMaxChoicesOfEntry,
        " combinations of action, purpose and recipient, got ", size));
  }

  std::vector<v1::StandingChoice> added;
  for (const v1::Action action : actions) {
    for (const std::string* purpose : purposes) {
      for (const std::string* recipient : recipients) {
        v1::StandingChoice& entry = added.emplace_back();
        entry.set_kind(choice.kind());
        entry.set_action(action);
        entry.set_purpose(*purpose);
        entry.set_recipient(*recipient);
        uint32_t categories = 0;
        for (const int category : choice.category()) {
          categories |= uint32_t{1} << (category & 31);
        }
        entry.set_categories(categories);
        entry.set_from_day(DayOf(TimeOf(choice.given_at())));
        if (choice.has_expires_at()) {
          entry.set_until_day(DayOf(TimeOf(choice.expires_at())) + 1);
        }
        entry.set_actor(choice.actor().kind());
        entry.set_number(number);
        entry.set_given_at_s(choice.given_at().seconds());
      }
    }
  }

  auto& choices = *standing->mutable_choice();
  std::vector<bool> stays;
  for (const v1::StandingChoice& old : choices) {
    stays.push_back(old.until_day() == 0 || old.until_day() > today);
    for (const v1::StandingChoice& entry : added) {
      if (TakesPlaceOf(entry, old)) stays.back() = false;
    }
  }
  const auto kept = std::count(stays.begin(), stays.end(), true);
  const auto standing_now = kept + static_cast<int64_t>(added.size());
  if (standing_now > kMaxStandingChoices) {
    return absl::ResourceExhaustedError(
        absl::StrCat("choice: want at most ", kMaxStandingChoices,
                     " standing choices of a consumer, got ", standing_now));
  }
  // Those that stay move up, in their order.
  int place = 0;
  for (int i = 0; i < choices.size(); ++i) {
    if (!stays[static_cast<size_t>(i)]) continue;
    choices.SwapElements(place++, i);
  }
  choices.DeleteSubrange(place, choices.size() - place);
  for (v1::StandingChoice& entry : added) choices.Add()->Swap(&entry);
  return absl::OkStatus();
}

}  // namespace subrosa
