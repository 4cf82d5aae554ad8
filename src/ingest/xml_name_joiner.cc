#include "src/ingest/xml_name_joiner.h"

#include <algorithm>
#include <cstddef>

namespace subrosa {
namespace {

// Spaces at the end of a piece that may wait.
constexpr size_t kMaxHeldBytes = 4096;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Whether a byte may stand in a name: all but those that end one. A whole
// document goes through this table.
struct NameBytes {
  constexpr NameBytes() {
    for (bool& is_of_name : value) is_of_name = true;
    for (const char c : {' ', '\t', '\r', '\n', '=', '/', '"', '\'', '>'}) {
      value[static_cast<unsigned char>(c)] = false;
    }
  }
  constexpr bool operator[](unsigned char byte) const { return value[byte]; }
  bool value[256] = {};
};
constexpr NameBytes kIsOfName;

// Where `c` is found from `at` on, or the end.
size_t Find(absl::string_view bytes, char c, size_t at) {
  return std::min(bytes.find(c, at), bytes.size());
}

}  // namespace

absl::string_view XmlNameJoiner::Take(absl::string_view bytes, bool is_last) {
  if (!held_.empty()) {
    given_.swap(held_);
    held_.clear();
    given_.append(bytes.data(), bytes.size());
    bytes = given_;
  }
  is_mended_ = false;
  gap_ = 0;
  // The spaces that were held are looked at again.
  has_gap_ = false;
  size_t at = 0;
  while (at < bytes.size()) {
    switch (state_) {
      case State::kText:
        at = Find(bytes, '<', at);
        if (at == bytes.size()) break;
        ++at;
        state_ = State::kOpen;
        break;
      case State::kOpen:
        before_.clear();
        markup_ = 0;
        state_ = bytes[at] == '!' || bytes[at] == '?' ? State::kMarkup
                 : bytes[at] == '/'                   ? State::kEndTag
                                                      : State::kElement;
        break;
      case State::kElement:
        while (at < bytes.size() && !IsSpace(bytes[at]) && bytes[at] != '>') {
          ++at;
        }
        if (at == bytes.size()) break;
        state_ = State::kTag;
        has_word_ = false;
        break;
      case State::kTag:
        at = InTag(bytes, at);
        break;
      case State::kValue:
        at = Find(bytes, quote_, at);
        if (at == bytes.size()) break;
        ++at;
        state_ = State::kTag;
        has_word_ = false;
        break;
      case State::kEndTag:
        at = Find(bytes, '>', at);
        if (at < bytes.size()) state_ = State::kText;
        break;
      case State::kMarkup:
        at = InMarkup(bytes, at);
        break;
    }
  }
  if (state_ == State::kTag && has_gap_ && !is_last &&
      bytes.size() - gap_ <= kMaxHeldBytes) {
    held_.assign(bytes.data() + gap_, bytes.size() - gap_);
    bytes.remove_suffix(held_.size());
  }
  return is_mended_ ? absl::string_view(mended_).substr(0, bytes.size())
                    : bytes;
}

size_t XmlNameJoiner::InTag(absl::string_view bytes, size_t at) {
  while (at < bytes.size()) {
    const char c = bytes[at];
    if (kIsOfName[static_cast<unsigned char>(c)]) {
      if (has_gap_) Join(bytes, gap_, at);
      has_gap_ = false;
      has_word_ = true;
      do {
        ++at;
      } while (at < bytes.size() &&
               kIsOfName[static_cast<unsigned char>(bytes[at])]);
      continue;
    }
    if (IsSpace(c)) {
      if (has_word_ && !has_gap_) {
        has_gap_ = true;
        gap_ = at;
      }
      ++at;
      continue;
    }
    has_word_ = false;
    has_gap_ = false;
    ++at;
    if (c == '>') {
      state_ = State::kText;
      return at;
    }
    if (c != '=' && c != '/') {
      quote_ = c;
      at = Find(bytes, c, at);
      if (at == bytes.size()) {
        state_ = State::kValue;
        return at;
      }
      ++at;
    }
  }
  return at;
}

size_t XmlNameJoiner::InMarkup(absl::string_view bytes, size_t at) {
  for (; at < bytes.size(); ++at) {
    const char c = bytes[at];
    if (before_.size() < 2) {
      // `<!-` begins a comment, `<![` a section, `<?` an instruction.
      before_.push_back(c);
      if (c == '?' || before_.size() == 2) {
        markup_ = c == '[' ? ']' : c;
        before_.assign(2, '\0');
      }
      continue;
    }
    if (c == '>' && (markup_ == '?' ? before_[1] == '?'
                     : markup_ == '-' || markup_ == ']'
                         ? before_[0] == markup_ && before_[1] == markup_
                         : true)) {
      state_ = State::kText;
      return at + 1;
    }
    before_[0] = before_[1];
    before_[1] = c;
  }
  return at;
}

void XmlNameJoiner::Join(absl::string_view bytes, size_t begin, size_t end) {
  if (!is_mended_) mended_.assign(bytes.data(), bytes.size());
  is_mended_ = true;
  std::fill(mended_.begin() + static_cast<std::ptrdiff_t>(begin),
            mended_.begin() + static_cast<std::ptrdiff_t>(end), '_');
}

}  // namespace subrosa
