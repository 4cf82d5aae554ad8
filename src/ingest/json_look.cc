#include "src/ingest/json_look.h"

#include <algorithm>
#include <cstddef>

#include "simdjson.h"

namespace subrosa {
namespace {

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20; }

// Takes white space off the front of `text`; false if nothing is left.
bool PassSpace(absl::string_view* text) {
  const size_t first = text->find_first_not_of(" \t\r\n");
  text->remove_prefix(std::min(first, text->size()));
  return !text->empty();
}

// Looks at a string and a colon.
JsonLook LookForKey(absl::string_view text) {
  if (text[0] != '"') return JsonLook::kNone;
  text.remove_prefix(1);
  size_t end = 0;
  for (bool is_escaped = false;
       end < text.size() && (is_escaped || text[end] != '"'); ++end) {
    if (IsControl(text[end])) return JsonLook::kNone;
    is_escaped = !is_escaped && text[end] == '\\';
  }
  if (end == text.size()) return JsonLook::kMore;
  if (!simdjson::validate_utf8(text.data(), end)) return JsonLook::kNone;
  text.remove_prefix(end + 1);
  if (!PassSpace(&text)) return JsonLook::kMore;
  return text[0] == ':' ? JsonLook::kJson : JsonLook::kNone;
}

// Looks at what stands behind an object's brace.
JsonLook LookForMember(absl::string_view text) {
  if (!PassSpace(&text)) return JsonLook::kMore;
  if (text[0] != '}') return LookForKey(text);
  text.remove_prefix(1);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
  if (text.empty()) return JsonLook::kMore;
  return text[0] == '\n' ? JsonLook::kJson : JsonLook::kNone;
}

}  // namespace

JsonLook LookForJson(absl::string_view start) {
  if (!PassSpace(&start)) return JsonLook::kMore;
  if (start[0] == '[') {
    start.remove_prefix(1);
    if (!PassSpace(&start)) return JsonLook::kMore;
  }
  if (start[0] != '{') return JsonLook::kNone;
  return LookForMember(start.substr(1));
}

}  // namespace subrosa
