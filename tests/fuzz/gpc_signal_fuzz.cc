// Bytes from strangers, as the header lines of a request.
//
// What must hold: lines without a "1" hold no signal, and one that is a signal
// stays one among others; what is a signal becomes an opt-out of sharing and
// sale that keeps the line as it came, and nothing else becomes a choice.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "src/consent/gpc_signal.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// The signal once more, by another way: no byte but those of the field and
// blanks, in their order.
bool LooksLikeSignal(absl::string_view line) {
  std::string bare;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      bare += absl::ascii_tolower(static_cast<unsigned char>(c));
    }
  }
  return bare == "sec-gpc:1";
}

void RunLine(absl::string_view line) {
  const absl::StatusOr<v1::Choice> choice =
      ChoiceOfSignal(line, {"maya-7", "", "US-CA"}, absl::UnixEpoch());
  if (!IsPreferenceSignal(line)) {
    Require(absl::IsInvalidArgument(choice.status()));
    return;
  }
  Require(LooksLikeSignal(line));
  Require(line.size() <= kMaxSignalHeaderBytes);
  Require(choice.ok());
  Require(choice->signal().header() == line);
  Require(choice->kind() == v1::CHOICE_KIND_SIGNAL);
  Require(choice->action_size() == 2);
}

void Run(absl::string_view bytes) {
  RunLine(bytes);
  const std::vector<absl::string_view> lines = absl::StrSplit(bytes, '\n');
  for (const absl::string_view line : lines) RunLine(line);
  const absl::optional<absl::string_view> found = FindPreferenceSignal(lines);
  Require(found.has_value() ==
          std::any_of(lines.begin(), lines.end(), IsPreferenceSignal));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
