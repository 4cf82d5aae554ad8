#include "src/ingest/json_cursor.h"

#include <array>
#include <bitset>

#include "absl/status/statusor.h"

namespace subrosa {
namespace {

// Deeper brackets are counted, but not matched: every parser behind refuses
// what is that deep.
constexpr size_t kMatchedLevels = 128;

constexpr std::array<bool, 256> Marks(const char* marked) {
  std::array<bool, 256> marks{};
  for (; *marked != '\0'; ++marked) {
    marks[static_cast<unsigned char>(*marked)] = true;
  }
  return marks;
}

constexpr std::array<bool, 256> kSpace = Marks(" \t\r\n");
constexpr std::array<bool, 256> kInString = Marks("\"\\");
constexpr std::array<bool, 256> kBetweenStrings = Marks("\"{}[]");
constexpr std::array<bool, 256> kInScalar =
    Marks("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

// The first place from `at` on where `text` holds a byte of `wanted`, or none
// of it.
size_t FindMark(absl::string_view text, size_t at,
                const std::array<bool, 256>& marks, bool wanted) {
  while (at < text.size() &&
         marks[static_cast<unsigned char>(text[at])] != wanted) {
    ++at;
  }
  return at;
}

}  // namespace

void JsonCursor::Keep() {
  Forget();
  input_.Consume(at_);
  text_.remove_prefix(at_);
  at_ = 0;
  keeps_ = true;
}

void JsonCursor::Forget() {
  keeps_ = false;
  too_long_ = false;
}

absl::string_view JsonCursor::Text(const JsonPiece& piece) const {
  return text_.substr(static_cast<size_t>(piece.offset - input_.offset()),
                      piece.size);
}

bool JsonCursor::Stop(Fault fault) {
  fault_ = fault;
  return false;
}

bool JsonCursor::ReadMore() {
  if (keeps_ && at_ > max_kept_bytes_) {
    keeps_ = false;
    too_long_ = true;
  }
  if (!keeps_) {
    // An escape may have led past what is there.
    const size_t shown = text_.size();
    input_.Consume(shown);
    at_ -= shown;
  }
  const absl::StatusOr<absl::string_view> text = input_.Peek(at_ + 1);
  if (!text.ok()) {
    status_ = text.status();
    return Stop(Fault::kSystem);
  }
  text_ = *text;
  if (at_ < text_.size()) return true;
  at_ = text_.size();
  return Stop(Fault::kEnd);
}

bool JsonCursor::Look(size_t size, absl::string_view* text) {
  const absl::StatusOr<absl::string_view> shown = input_.Peek(at_ + size);
  if (!shown.ok()) {
    status_ = shown.status();
    return Stop(Fault::kSystem);
  }
  text_ = *shown;
  *text = text_.substr(at_);
  return true;
}

bool JsonCursor::Next(char* c) {
  do {
    if (!More()) return false;
    at_ = FindMark(text_, at_, kSpace, false);
  } while (at_ == text_.size());
  *c = text_[at_];
  return true;
}

bool JsonCursor::Take(char c) {
  char next;
  if (!Next(&next)) return false;
  if (next != c) return Stop(Fault::kBroken);
  ++at_;
  return true;
}

// The cursor stands behind the first quote.
bool JsonCursor::PassString() {
  // Nearly every string ends in what is there, and without an escape before its
  // end.
  const size_t quote = text_.find('"', at_);
  if (quote != text_.npos && (quote == at_ || text_[quote - 1] != '\\')) {
    at_ = quote + 1;
    return true;
  }
  for (;;) {
    if (!More()) return false;
    at_ = FindMark(text_, at_, kInString, true);
    if (at_ == text_.size()) continue;
    if (text_[at_] == '"') {
      ++at_;
      return true;
    }
    at_ += 2;
  }
}

bool JsonCursor::TakeString(JsonPiece* piece) {
  if (!Take('"')) return false;
  piece->offset = offset();
  if (!PassString()) return false;
  piece->size = static_cast<size_t>(offset() - 1 - piece->offset);
  return true;
}

// The cursor stands at the first bracket.
bool JsonCursor::PassNested() {
  std::bitset<kMatchedLevels> is_list;
  size_t depth = 0;
  for (;;) {
    if (!More()) return false;
    at_ = FindMark(text_, at_, kBetweenStrings, true);
    if (at_ == text_.size()) continue;
    const char c = text_[at_++];
    if (c == '"') {
      if (!PassString()) return false;
    } else if (c == '{' || c == '[') {
      if (depth < kMatchedLevels) is_list[depth] = c == '[';
      ++depth;
    } else {
      --depth;
      if (depth < kMatchedLevels && is_list[depth] != (c == ']')) {
        return Stop(Fault::kBroken);
      }
      if (depth == 0) return true;
    }
  }
}

bool JsonCursor::PassScalar() {
  const uint64_t start = offset();
  do {
    // A number may be the last thing in a file.
    if (!More()) return fault_ == Fault::kEnd && offset() > start;
    at_ = FindMark(text_, at_, kInScalar, false);
  } while (at_ == text_.size());
  return offset() > start || Stop(Fault::kBroken);
}

bool JsonCursor::TakeValue(JsonPiece* piece) {
  char c;
  if (!Next(&c)) return false;
  piece->offset = offset();
  bool taken = false;
  if (c == '"') {
    ++at_;
    taken = PassString();
  } else if (c == '{' || c == '[') {
    taken = PassNested();
  } else {
    taken = PassScalar();
  }
  piece->size = static_cast<size_t>(offset() - piece->offset);
  return taken;
}

}  // namespace subrosa
