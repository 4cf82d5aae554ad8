// Bytes from strangers, as an entity's policy.
//
// What must hold: it is taken, or refused with the file's name; what is taken
// can be written down and is taken again as the same; and the door and
// decisions can be made of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/text_format.h"
#include "src/consent/choice_check.h"
#include "src/consent/decider.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const LawBook& Book() {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book;
}

// What it says, it can be asked for.
void RequireFound(const Policy& policy) {
  for (int number = 1; number <= policy.purpose_count(); ++number) {
    const v1::Purpose& purpose = policy.purpose(number);
    Require(policy.NumberOf(purpose.id()) == number);
    Require(policy.FindPurpose(purpose.id()) == &purpose);
  }
  for (const v1::Notice& notice : policy.proto().notice()) {
    Require(policy.FindNotice(notice.id(), notice.version()) == &notice);
    for (const v1::Notice::Text& text : notice.text()) {
      Require(policy.FindText(notice.id(), notice.version(), text.locale()) ==
              &text);
    }
    IsShownOn(notice, absl::CivilDay(2026, 11, 26));
  }
}

void Run(absl::string_view text) {
  const absl::StatusOr<Policy> policy = Policy::Parse("fuzz", text, Book());
  if (!policy.ok()) {
    Require(absl::IsInvalidArgument(policy.status()));
    Require(absl::StartsWith(policy.status().message(), "fuzz"));
    return;
  }
  RequireFound(*policy);
  std::string written;
  Require(
      google::protobuf::TextFormat::PrintToString(policy->proto(), &written));
  const absl::StatusOr<Policy> again = Policy::Parse("fuzz", written, Book());
  Require(again.ok() && again->proto().SerializeAsString() ==
                            policy->proto().SerializeAsString());
  Require(ChoiceCheck::Create(Book(), *policy).ok());
  Require(Decider::Create(Book(), policy->proto(), {}).ok());
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > (size_t{1} << 17)) return 0;
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
