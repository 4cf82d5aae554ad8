// The opt-out preference signal that browsers send: Global Privacy Control. Its
// one value says that whoever sits there wants nothing of theirs sold or
// shared. That it is missing says nothing: it is no consent, and takes back no
// opt-out.
//
// What a service does with it: find it among a request's header lines, and hand
// the choice to the ledger. Of a device that nobody is signed in to, the
// consumer is whoever the service keeps the device's data under. Browsers send
// it with every request: the door answers ALREADY_EXISTS to one that changes
// nothing (choice_check.h).
//
// Thread-safe: no state.
//
// Example:
//   if (const auto line = FindPreferenceSignal(header_lines)) {
//     SUBROSA_ASSIGN_OR_RETURN(const v1::Choice choice,
//                              ChoiceOfSignal(*line, sender, now));
//     …
//   }
//
// Source: W3C, Global Privacy Control, "The Sec-GPC Header Field for HTTP
// Requests". That it is a valid opt-out: 11 CCR 7025(c), rule
// ca-ccpa/preference-signal.
#ifndef SUBROSA_SRC_CONSENT_GPC_SIGNAL_H_
#define SUBROSA_SRC_CONSENT_GPC_SIGNAL_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// A longer line is no signal.
inline constexpr size_t kMaxSignalHeaderBytes = 256;
inline constexpr size_t kMaxSignalDeviceBytes = 128;

// Whether `line`, one raw header line of a request, is the signal: the field
// Sec-GPC, in any case of letters, with exactly "1" for its value. Blanks about
// the value and one end of line belong to no value (RFC 9110, 5.5).
bool IsPreferenceSignal(absl::string_view line);

// The first of a request's header lines that is the signal: other Sec-GPC lines
// beside it change nothing.
absl::optional<absl::string_view> FindPreferenceSignal(
    absl::Span<const absl::string_view> lines);

// Where a signal came from.
struct SignalSender {
  std::string consumer;  // Their account id.
  // A pseudonymous id of the browser or device, of at most
  // kMaxSignalDeviceBytes; empty where the consumer alone is known.
  std::string device;
  std::string jurisdiction;  // ISO 3166-2; empty: not known.
};

// The choice that `line` is: an opt-out of every sharing and sale, by the
// consumer, given when it was received, with the line as it came.
//
// INVALID_ARGUMENT if `line` is no signal, or a field of `sender` is too long
// or has no consumer. The message repeats nothing of either.
absl::StatusOr<v1::Choice> ChoiceOfSignal(absl::string_view line,
                                          const SignalSender& sender,
                                          absl::Time received_at);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_GPC_SIGNAL_H_
