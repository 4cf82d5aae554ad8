#include "src/net/http_message.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {

absl::optional<absl::string_view> FindHeader(
    absl::Span<const HttpHeader> headers, absl::string_view name) {
  absl::optional<absl::string_view> value;
  for (const HttpHeader& header : headers) {
    if (!absl::EqualsIgnoreCase(header.name, name)) continue;
    if (value.has_value()) return absl::nullopt;
    value = header.value;
  }
  return value;
}

HttpResponse PlainTextResponse(int status, absl::string_view line) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = absl::StrCat(line, "\n");
  return response;
}

}  // namespace subrosa
