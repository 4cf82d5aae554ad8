#include "src/consent/sample_door.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "src/base/clock.h"
#include "src/consent/choice_check.h"
#include "src/consent/policy.h"
#include "src/consent/sample_choice.h"
#include "src/consent/standing.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

const LawBook& Book() {
  static const LawBook* const book = new LawBook(*LawBook::BuiltIn());
  return *book;
}

Policy Parsed(const v1::Policy& policy) {
  std::string text;
  EXPECT_TRUE(google::protobuf::TextFormat::PrintToString(policy, &text));
  absl::StatusOr<Policy> parsed =
      Policy::Parse("policy.textproto", text, Book());
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return *std::move(parsed);
}

bool IsRecipient(absl::string_view slug) {
  return slug == "coach-desk" || slug == "delphi";
}

}  // namespace

SampleDoor::SampleDoor() : SampleDoor(SamplePolicy()) {}

SampleDoor::SampleDoor(const v1::Policy& policy) : policy_(policy) {}

SampleDoor& SampleDoor::LivesIn(absl::string_view place) {
  standing_.mutable_facts()->set_residence(std::string(place));
  return *this;
}

SampleDoor& SampleDoor::WasBorn(absl::string_view day) {
  standing_.mutable_facts()->set_born(std::string(day));
  return *this;
}

SampleDoor& SampleDoor::HasGuardian(absl::string_view account) {
  standing_.mutable_facts()->add_guardian(std::string(account));
  return *this;
}

SampleDoor& SampleDoor::Chose(const v1::Choice& choice) {
  const int32_t today =
      DayOf(absl::FromUnixSeconds(choice.given_at().seconds()));
  EXPECT_TRUE(FoldChoice(choice, ++number_, today, &standing_).ok());
  return *this;
}

SampleDoor& SampleDoor::At(absl::string_view now) {
  now_ = std::string(now);
  return *this;
}

absl::Status SampleDoor::Check(const v1::Choice& choice) const {
  const Policy policy = Parsed(policy_);
  const absl::StatusOr<ChoiceCheck> door = ChoiceCheck::Create(Book(), policy);
  EXPECT_TRUE(door.ok()) << door.status();
  return door->Check(choice, standing_, IsRecipient, SampleTime(now_));
}

absl::Status SampleDoor::CheckFacts(const v1::ConsumerFacts& facts) const {
  const Policy policy = Parsed(policy_);
  const absl::StatusOr<ChoiceCheck> door = ChoiceCheck::Create(Book(), policy);
  EXPECT_TRUE(door.ok()) << door.status();
  return door->CheckFacts("maya-7", facts, SampleTime(now_));
}

absl::Status SampleDoor::CheckEntry(const v1::LedgerEntry& entry) const {
  const Policy policy = Parsed(policy_);
  const absl::StatusOr<ChoiceCheck> door = ChoiceCheck::Create(Book(), policy);
  EXPECT_TRUE(door.ok()) << door.status();
  return door->CheckEntry(entry, standing_, IsRecipient, SampleTime(now_));
}

testing::AssertionResult Refuses(
    const absl::Status& status, absl::StatusCode code,
    std::initializer_list<absl::string_view> words) {
  if (status.code() != code) return testing::AssertionFailure() << status;
  for (const absl::string_view word : words) {
    if (!absl::StrContains(status.message(), word)) {
      return testing::AssertionFailure() << status << " names no " << word;
    }
  }
  return testing::AssertionSuccess();
}

testing::AssertionResult Refuses(
    const absl::Status& status,
    std::initializer_list<absl::string_view> words) {
  return Refuses(status, absl::StatusCode::kInvalidArgument, words);
}

}  // namespace subrosa
