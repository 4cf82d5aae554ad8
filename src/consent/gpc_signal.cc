#include "src/consent/gpc_signal.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/consent/choice_time.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kField = "sec-gpc:";
constexpr absl::string_view kValue = "1";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Blanks alone: other white space is part of a value, and makes it another.
absl::string_view WithoutBlanks(absl::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool IsPreferenceSignal(absl::string_view line) {
  if (line.size() > kMaxSignalHeaderBytes) return false;
  if (!absl::ConsumeSuffix(&line, "\r\n")) absl::ConsumeSuffix(&line, "\n");
  // No blank may stand before the colon (RFC 9112, 5.1).
  return absl::StartsWithIgnoreCase(line, kField) &&
         WithoutBlanks(line.substr(kField.size())) == kValue;
}

absl::optional<absl::string_view> FindPreferenceSignal(
    absl::Span<const absl::string_view> lines) {
  for (const absl::string_view line : lines) {
    if (IsPreferenceSignal(line)) return line;
  }
  return absl::nullopt;
}

absl::StatusOr<v1::Choice> ChoiceOfSignal(absl::string_view line,
                                          const SignalSender& sender,
                                          absl::Time received_at) {
  if (!IsPreferenceSignal(line)) {
    return absl::InvalidArgumentError(
        "signal.header: want the line `Sec-GPC: 1`, got another");
  }
  if (sender.consumer.empty()) {
    return absl::InvalidArgumentError("consumer: want an account id, got none");
  }
  if (sender.device.size() > kMaxSignalDeviceBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("signal.device: want at most ", kMaxSignalDeviceBytes,
                     " bytes, got ", sender.device.size()));
  }
  v1::Choice choice;
  choice.set_consumer(sender.consumer);
  choice.set_kind(v1::CHOICE_KIND_SIGNAL);
  choice.add_action(v1::ACTION_SHARE);
  choice.add_action(v1::ACTION_SELL);
  choice.set_method("signal");
  choice.set_jurisdiction(sender.jurisdiction);
  *choice.mutable_given_at() = TimestampOf(received_at);
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  choice.mutable_signal()->set_header(line.data(), line.size());
  choice.mutable_signal()->set_device(sender.device);
  return choice;
}

}  // namespace subrosa
