// Bytes from strangers, as an entry for the ledger: what a service sends, or
// somebody in its place. The first byte says where the consumer lives and how
// old they are; the rest is a LedgerEntry in protobuf's wire format.
//
// What must hold: an entry is let in or refused with one of the door's codes;
// what is let in can be folded into what stands; and let in once, it is refused
// the next time.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "src/base/clock.h"
#include "src/consent/authorization_check.h"
#include "src/consent/choice_check.h"
#include "src/consent/policy.h"
#include "src/consent/sample_choice.h"
#include "src/consent/standing.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {
namespace {

const char* const kPlaces[] = {"US-WA", "US-CA", "US-NV", "US-CO", ""};
const char* const kBirths[] = {"1990-01-01", "2012-06-01", "2015", ""};

void Require(bool holds) {
  if (!holds) std::abort();
}

const LawBook& Book() {
  static const LawBook* const book = new LawBook(*LawBook::BuiltIn());
  return *book;
}

const ChoiceCheck& Door() {
  static const Policy* const policy = [] {
    std::string text;
    Require(google::protobuf::TextFormat::PrintToString(SamplePolicy(), &text));
    return new Policy(*Policy::Parse("policy.textproto", text, Book()));
  }();
  static const ChoiceCheck* const door =
      new ChoiceCheck(*ChoiceCheck::Create(Book(), *policy));
  return *door;
}

bool IsRecipient(absl::string_view slug) {
  return slug == "coach-desk" || slug == "delphi";
}

void Run(uint8_t setting, absl::string_view bytes) {
  v1::LedgerEntry entry;
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return;
  }
  const absl::Time now = SampleTime("2026-03-05 12:00:00");
  v1::Standing standing;
  standing.mutable_facts()->set_residence(kPlaces[setting % 5]);
  standing.mutable_facts()->set_born(kBirths[setting / 5 % 4]);
  standing.mutable_facts()->add_guardian("ann-1");

  const absl::Status first =
      Door().CheckEntry(entry, standing, IsRecipient, now);
  Require(first.ok() || absl::IsInvalidArgument(first) ||
          absl::IsFailedPrecondition(first) || absl::IsAlreadyExists(first));
  ExamineAuthorization(entry.choice(), Door().law(), now, now);
  if (!first.ok() || !entry.has_choice()) return;
  const absl::Status folded =
      FoldChoice(entry.choice(), 1, DayOf(now), &standing);
  Require(folded.ok() || absl::IsInvalidArgument(folded) ||
          absl::IsResourceExhausted(folded));
  if (!folded.ok()) return;
  Require(!Door().CheckEntry(entry, standing, IsRecipient, now).ok());
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > (size_t{1} << 16)) return 0;
  subrosa::Run(data[0], absl::string_view(
                            reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
