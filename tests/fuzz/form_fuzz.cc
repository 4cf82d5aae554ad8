// Bytes from strangers, as the body of the form by which consumers ask.
//
// What must hold: it is refused with INVALID_ARGUMENT, or all of it is text
// within its bounds, which HTML shows without a sign of its own; and what
// becomes a request is one that the desk takes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/html_text.h"
#include "src/portal/form_body.h"
#include "src/portal/request_form.h"
#include "src/request/request_check.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Run(absl::string_view body) {
  const absl::StatusOr<FormFields> fields = ParseFormBody(body);
  if (!fields.ok()) {
    Require(absl::IsInvalidArgument(fields.status()));
    return;
  }
  Require(fields->size() <= kMaxFormFields);
  for (const auto& [name, value] : *fields) {
    Require(value.size() <= kMaxFormValueBytes);
    Require(HtmlText(value).find_first_of("<>\"'") == std::string::npos);
  }
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const absl::StatusOr<v1::Request> request = RequestOfForm(*fields, now);
  if (!request.ok()) {
    Require(absl::IsInvalidArgument(request.status()));
    return;
  }
  Require(request->IsInitialized() && !request->SerializeAsString().empty());
  const absl::Status taken = CheckNewRequest(*request, now);
  Require(taken.ok() || absl::IsInvalidArgument(taken));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > (size_t{1} << 16)) return 0;
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
