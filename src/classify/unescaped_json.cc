#include "src/classify/unescaped_json.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"

namespace subrosa {
namespace {

// Appends the character with the number `code` as UTF-8. Halves of a pair
// become U+FFFD.
void AppendCharacter(uint32_t code, std::string* text) {
  if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
  if (code < 0x80) {
    text->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    text->push_back(static_cast<char>(0xc0 | (code >> 6)));
    text->push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    text->push_back(static_cast<char>(0xe0 | (code >> 12)));
    text->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    text->push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

}  // namespace

void UnescapedJson::SetPlain(absl::string_view text) {
  text_ = text;
  begin_ = 0;
  places_.clear();
}

void UnescapedJson::Unescape(absl::string_view raw, size_t begin) {
  begin_ = begin;
  places_.clear();
  text_ = raw;
  if (raw.find('\\') == raw.npos) return;
  room_.clear();
  for (size_t i = 0; i < raw.size();) {
    const size_t before = i;
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      room_.push_back(raw[i++]);
    } else {
      i += AppendEscape(raw.substr(i));
    }
    places_.resize(room_.size(), begin + before);
  }
  places_.push_back(begin + raw.size());
  text_ = room_;
}

size_t UnescapedJson::AppendEscape(absl::string_view raw) {
  uint32_t code;
  switch (raw[1]) {
    case 'n':
      room_.push_back('\n');
      return 2;
    case 'b':
    case 'f':
    case 'r':
    case 't':
      room_.push_back(' ');
      return 2;
    case 'u':
      if (raw.size() < 6 || !absl::SimpleHexAtoi(raw.substr(2, 4), &code)) {
        room_.push_back('u');
        return 2;
      }
      AppendCharacter(code, &room_);
      return 6;
    default:
      room_.push_back(raw[1]);
      return 2;
  }
}

}  // namespace subrosa
