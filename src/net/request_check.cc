#include "src/net/request_check.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

bool HasHeader(const HttpRequest& request, absl::string_view name) {
  return absl::c_any_of(request.headers, [&](const HttpHeader& header) {
    return absl::EqualsIgnoreCase(header.name, name);
  });
}

}  // namespace

absl::optional<uint64_t> BodySizeOf(const HttpRequest& request) {
  if (!HasHeader(request, "Content-Length")) return 0;
  const absl::optional<absl::string_view> text =
      FindHeader(request.headers, "Content-Length");
  uint64_t size = 0;
  // Written back, since numbers are read with signs and spaces, too.
  if (!text.has_value() || !absl::SimpleAtoi(*text, &size) ||
      absl::StrCat(size) != *text) {
    return absl::nullopt;
  }
  return size;
}

int RefusalOf(const HttpRequest& request, size_t max_body_bytes) {
  if (!absl::StartsWith(request.path, "/")) return 400;
  // Two ways to say where the body ends are one too many: what stands in front
  // may take the other one.
  if (HasHeader(request, "Transfer-Encoding")) return 411;
  if (HasHeader(request, "Content-Encoding")) return 415;
  const absl::optional<uint64_t> size = BodySizeOf(request);
  if (!size.has_value()) return 400;
  return *size > max_body_bytes ? 413 : 0;
}

}  // namespace subrosa
