#include "src/classify/text_template.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

constexpr size_t kEdgeWords = 8;

// FNV-1a: the same on each run and machine, which absl::Hash is not. Whoever
// labels a file gains nothing from a collision.
class StableHash {
 public:
  explicit StableHash(char kind) { Add(absl::string_view(&kind, 1)); }
  void Add(absl::string_view bytes) {
    for (const char c : bytes) {
      hash_ = (hash_ ^ static_cast<uint8_t>(c)) * 0x100000001B3u;
    }
    hash_ = (hash_ ^ 0xFFu) * 0x100000001B3u;
  }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = 0xCBF29CE484222325u;
};

// Adds the words of `text` to `words`; every byte outside ASCII is a letter.
void AddWords(absl::string_view text, std::vector<std::string>* words) {
  bool in_word = false;
  for (const char c : text) {
    const bool is_letter =
        absl::ascii_isalnum(c) || static_cast<uint8_t>(c) >= 0x80;
    if (is_letter && !in_word) words->emplace_back();
    if (is_letter) {
      words->back() += absl::ascii_isdigit(c) ? '0' : absl::ascii_tolower(c);
    }
    in_word = is_letter;
  }
}

std::vector<std::string> MaskedWords(const LabelledText& text) {
  std::vector<std::string> words;
  const absl::string_view all = text.text;
  size_t at = 0;
  for (const SpanLabel& label : text.labels) {
    if (label.span.offset < at) continue;  // Inside the one before.
    AddWords(all.substr(at, label.span.offset - at), &words);
    words.push_back("<" + label.type + ">");
    at = label.span.offset + label.span.length;
  }
  AddWords(all.substr(at), &words);
  return words;
}

uint64_t HashOf(char kind, const std::vector<std::string>& words, size_t begin,
                size_t end) {
  StableHash hash(kind);
  for (size_t i = begin; i < end; ++i) hash.Add(words[i]);
  return hash.value();
}

}  // namespace

void TextTemplates::Add(const LabelledText& text) {
  const size_t index = parents_.size();
  const std::vector<std::string> words = MaskedWords(text);
  const uint64_t whole = HashOf('w', words, 0, words.size());
  parents_.push_back(index);
  lowest_.push_back(whole);
  Join(whole, index);
  if (words.size() < kEdgeWords) return;
  Join(HashOf('b', words, 0, kEdgeWords), index);
  Join(HashOf('e', words, words.size() - kEdgeWords, words.size()), index);
}

size_t TextTemplates::RootOf(size_t text) const {
  while (parents_[text] != text) text = parents_[text];
  return text;
}

void TextTemplates::Join(uint64_t key, size_t text) {
  const size_t known = first_with_.emplace(key, text).first->second;
  size_t low = RootOf(known);
  size_t high = RootOf(text);
  if (low == high) return;
  if (low > high) std::swap(low, high);
  parents_[high] = low;
  lowest_[low] = std::min(lowest_[low], lowest_[high]);
  // Shortens the way for those that come after.
  parents_[known] = low;
  parents_[text] = low;
}

size_t TextTemplates::count() const {
  size_t roots = 0;
  for (size_t i = 0; i < parents_.size(); ++i) roots += parents_[i] == i;
  return roots;
}

std::vector<bool> TextTemplates::HeldOut() const {
  std::vector<bool> held_out;
  held_out.reserve(parents_.size());
  for (size_t i = 0; i < parents_.size(); ++i) {
    held_out.push_back((lowest_[RootOf(i)] >> 32 & 1) != 0);
  }
  return held_out;
}

}  // namespace subrosa
