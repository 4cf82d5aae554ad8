// Bytes from strangers, as a file of recipients. What is taken can be written
// down and is taken again as the same, in both forms.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "src/law/law_book.h"
#include "src/recipients/receiving.h"
#include "src/recipients/recipient_file.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kToday(2026, 11, 26);

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

const LawBook& Law() {
  static const LawBook* const law = new LawBook(LawBook::BuiltIn().value());
  return *law;
}

void RequireSame(const std::vector<v1::Recipient>& recipients,
                 const std::string& written) {
  const auto again = ParseRecipientFile("again", written, Law(), kToday);
  Require(again.ok() && again->size() == recipients.size());
  for (size_t i = 0; i < recipients.size(); ++i) {
    Require((*again)[i].SerializeAsString() ==
            recipients[i].SerializeAsString());
  }
}

void Run(absl::string_view text) {
  const auto recipients = ParseRecipientFile("fuzz", text, Law(), kToday);
  if (!recipients.ok()) {
    Require(absl::IsInvalidArgument(recipients.status()));
    return;
  }
  v1::RecipientFile file;
  for (const v1::Recipient& recipient : *recipients) {
    *file.add_recipient() = recipient;
    const ReceivingRules rules = {&Law(), {"wa-mhmda", "ca-ccpa"}};
    const ReceivingDays days = FindReceivingDays(recipient, rules, kToday);
    Require((days.from <= kToday && kToday < days.until) ==
            FindReceivingFaults(recipient, rules, kToday, Handover::kElsewhere)
                .empty());
  }
  std::string written;
  Require(google::protobuf::TextFormat::PrintToString(file, &written));
  RequireSame(*recipients, written);
  written.clear();
  Require(google::protobuf::util::MessageToJsonString(file, &written).ok());
  RequireSame(*recipients, written);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
