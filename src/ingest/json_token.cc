#include "src/ingest/json_token.h"

#include <cstring>
#include <string_view>

namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

bool IsJsonSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// True if `next`, where a scalar ends, starts what may follow one. Passing over
// a string, simdjson would take it for a key if a colon followed.
bool MayFollowScalar(const char* next, const char* json_end) {
  return next < json_end && (*next == ',' || *next == '}' || *next == ']');
}

simdjson::error_code ReadString(ondemand::value value, absl::string_view token,
                                JsonValue* read) {
  read->kind = JsonKind::kString;
  if (token.size() < 2 || token.back() != '"') return simdjson::TAPE_ERROR;
  read->text = token.substr(1, token.size() - 2);
  // Mostly there is nothing to unescape, and so nothing to copy.
  if (std::memchr(token.data(), '\\', token.size()) == nullptr) {
    return simdjson::SUCCESS;
  }
  std::string_view unescaped;
  const simdjson::error_code error = value.get_string().get(unescaped);
  read->text = View(unescaped);
  return error;
}

simdjson::error_code ReadWord(absl::string_view token, absl::string_view word,
                              JsonKind kind, JsonValue* read) {
  read->kind = kind;
  return token == word ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

}  // namespace

absl::string_view NameOf(simdjson::error_code error) {
  switch (error) {
    case simdjson::UNCLOSED_STRING:
      return "a string without its end";
    case simdjson::UNESCAPED_CHARS:
      return "a control character in a string";
    case simdjson::STRING_ERROR:
      return "a string with a wrong escape";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
    case simdjson::OUT_OF_BOUNDS:
      return "text that does not end with its object";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
      return "more than fits in memory";
    default:
      return "text that is none";
  }
}

absl::string_view TrimToken(std::string_view token) {
  while (!token.empty() && IsJsonSpace(token.back())) token.remove_suffix(1);
  return View(token);
}

simdjson::error_code ReadValue(ondemand::value value, const char* json_end,
                               JsonValue* read) {
  const std::string_view whole = value.raw_json_token();
  const absl::string_view token = TrimToken(whole);
  if (token.empty()) return simdjson::TAPE_ERROR;
  read->text = token;
  if (token.front() == '{' || token.front() == '[') {
    read->kind = token.front() == '{' ? JsonKind::kObject : JsonKind::kList;
    return simdjson::SUCCESS;
  }
  if (!MayFollowScalar(whole.data() + whole.size(), json_end)) {
    return simdjson::TAPE_ERROR;
  }
  switch (token.front()) {
    case '"':
      return ReadString(value, token, read);
    case 't':
      return ReadWord(token, "true", JsonKind::kTrue, read);
    case 'f':
      return ReadWord(token, "false", JsonKind::kFalse, read);
    case 'n':
      return ReadWord(token, "null", JsonKind::kNull, read);
    default:
      read->kind = JsonKind::kNumber;
      return IsJsonNumber(token) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
  }
}

simdjson::error_code ReadKey(ondemand::field* field, const char* json_end,
                             absl::string_view* key) {
  const char* const start = field->key().raw();
  const char* at = start;
  while (at < json_end && *at != '"' && *at != '\\') ++at;
  if (at < json_end && *at == '"') {
    *key = absl::string_view(start, at - start);
    return simdjson::SUCCESS;
  }
  std::string_view unescaped;
  const simdjson::error_code error = field->unescaped_key().get(unescaped);
  *key = View(unescaped);
  return error;
}

}  // namespace subrosa
