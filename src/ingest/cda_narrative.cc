#include "src/ingest/cda_narrative.h"

#include "absl/strings/ascii.h"

namespace subrosa {
namespace {

// What the memory of an ID and its words costs beside their bytes.
constexpr size_t kPerIdBytes = 96;

bool IsSpace(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

// Of the elements that stand within a line: their ends part no words.
bool IsInline(absl::string_view name) {
  return name == "content" || name == "linkHtml" || name == "sub" ||
         name == "sup";
}

// The size of the character of UTF-8 that starts with `c`.
size_t CharacterBytes(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

void AppendWords(absl::string_view text, size_t max_bytes, std::string* words) {
  for (size_t at = 0; at < text.size();) {
    const absl::string_view character =
        text.substr(at, CharacterBytes(text[at]));
    at += character.size();
    const bool is_space = IsSpace(character[0]);
    if (is_space && (words->empty() || words->back() == ' ')) continue;
    if (words->size() + character.size() > max_bytes) return;
    words->append(is_space ? " " : std::string(character));
  }
}

void CdaNarrative::Start(absl::string_view name, absl::string_view id,
                         size_t room_bytes) {
  if (!IsInline(name)) Text(" ");
  room_bytes_ = room_bytes;
  int index = kNone;
  if (!id.empty() && id.size() <= kMaxIdBytes && size_bytes_ < room_bytes) {
    const auto added = by_id_.emplace(id, static_cast<int>(words_.size()));
    if (added.second) {
      index = added.first->second;
      words_.emplace_back();
      size_bytes_ += id.size() + kPerIdBytes;
    } else {
      added.first->second = kNone;
    }
  }
  open_.push_back(index);
}

void CdaNarrative::Text(absl::string_view text) {
  for (const int index : open_) {
    if (index == kNone || size_bytes_ >= room_bytes_) continue;
    std::string& words = words_[static_cast<size_t>(index)];
    const size_t before = words.size();
    AppendWords(text, kMaxWordsBytes, &words);
    size_bytes_ += words.size() - before;
  }
}

void CdaNarrative::End(absl::string_view name) {
  open_.pop_back();
  if (!IsInline(name)) Text(" ");
}

absl::string_view CdaNarrative::Find(absl::string_view id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second == kNone) return {};
  return absl::StripTrailingAsciiWhitespace(
      words_[static_cast<size_t>(found->second)]);
}

}  // namespace subrosa
