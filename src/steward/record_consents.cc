#include "src/steward/record_consents.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("consent_ref: want ", want, ", got ", got));
}

}  // namespace

std::shared_ptr<const StandingConsents> RecordConsents::Find(
    absl::string_view consumer) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = kept_.find(consumer);
  return found == kept_.end() ? nullptr : found->second;
}

void RecordConsents::Put(absl::string_view consumer,
                         std::shared_ptr<const StandingConsents> consents) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (kept_.size() >= kMaxConsumers) kept_.clear();
  kept_[consumer] = std::move(consents);
}

void RecordConsents::Forget(absl::string_view consumer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  kept_.erase(consumer);
}

void RecordConsents::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  kept_.clear();
}

absl::Status CheckConsentRef(const v1::HealthRecord& record,
                             uint32_t categories, int32_t day,
                             const StandingConsents& consents) {
  // One entry may stand for several: each line of it has the same name.
  absl::Status wrong =
      Wrong("a consent of this consumer's that stands", "another");
  for (const StandingConsent& consent : consents) {
    if (consent.consent_ref != record.consent_ref()) continue;
    const v1::StandingChoice& choice = consent.choice;
    if (choice.action() != v1::ACTION_COLLECT) {
      wrong = Wrong("a consent to collect", "one to another action");
    } else if (choice.purpose() != record.purpose()) {
      wrong = Wrong("a consent for the record's purpose", "one for another");
    } else if (choice.until_day() != 0 && choice.until_day() <= day) {
      wrong = Wrong("a consent that stands", "one that is over");
    } else if (choice.categories() != 0 &&
               (categories & ~choice.categories()) != 0) {
      wrong = Wrong("a consent for the record's categories",
                    "one for others or fewer");
    } else {
      return absl::OkStatus();
    }
  }
  return wrong;
}

}  // namespace subrosa
