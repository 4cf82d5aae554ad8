#include "src/classify/health_words.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/classify/byte_ranges.h"

namespace subrosa {
namespace {

struct Spelling {
  absl::string_view written;
  absl::string_view word;
};

constexpr Spelling kSpellings[] = {
    {"aint", "ain't"},       {"arent", "aren't"},
    {"cannot", "can't"},     {"cant", "can't"},
    {"couldnt", "couldn't"}, {"didnt", "didn't"},
    {"doesnt", "doesn't"},   {"dont", "don't"},
    {"hasnt", "hasn't"},     {"havent", "haven't"},
    {"im", "i'm"},           {"isnt", "isn't"},
    {"ive", "i've"},         {"shouldnt", "shouldn't"},
    {"wasnt", "wasn't"},     {"wouldnt", "wouldn't"},
    {"wont", "won't"},
};

// U+2019, which is written for an apostrophe.
constexpr absl::string_view kRaisedComma = "\xe2\x80\x99";

constexpr size_t kBlockBytes = 64;

enum ByteClass {
  kLower,
  kUpper,
  kDigit,
  kApostrophe,
  kHyphen,
  kFullStop,
  kExclamation,
  kQuestion,
  kNewline,
  kRaised,  // The first byte of a raised comma.
  kByteClasses
};
constexpr ByteRange kByteRanges[kByteClasses] = {
    {'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'\'', '\''}, {'-', '-'},
    {'.', '.'}, {'!', '!'}, {'?', '?'}, {'\n', '\n'}, {'\xe2', '\xe2'}};

bool IsEnding(absl::string_view word) {
  return word == "m" || word == "ve" || word == "s" || word == "ll" ||
         word == "re" || word == "d";
}

uint32_t ShortHash(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

HealthWordSplitter::HealthWordSplitter(HealthVocabulary* vocabulary)
    : masks_of_(RangeMasksFunctions().front()),
      vocabulary_(vocabulary),
      not_ending_(vocabulary->Add("n't")) {
  for (const Spelling& spelling : kSpellings) {
    const HealthVocabulary::Id written = vocabulary->Add(spelling.written);
    const HealthVocabulary::Id word = vocabulary->Add(spelling.word);
    words_of_.resize(vocabulary->size());
    words_of_[written] = word;
    words_of_[word] = word;
  }
  for (size_t id = 1; id < words_of_.size(); ++id) {
    if (words_of_[id] == 0) words_of_[id] = static_cast<uint16_t>(id);
  }
  if (!words_of_.empty()) {
    last_spelling_ = static_cast<HealthVocabulary::Id>(words_of_.size() - 1);
  }
}

// The state of one call of Split.
class HealthWordSplitter::Line {
 public:
  Line(const HealthWordSplitter& splitter, absl::string_view line,
       std::vector<HealthWord>* words)
      : splitter_(splitter),
        vocabulary_(*splitter.vocabulary_),
        line_(line),
        words_(*words),
        tail_begin_(line.size() - std::min(line.size(), kPaddedWordBytes)) {}

  void Read() {
    if (line_.empty()) return;
    const size_t tail = line_.size() - tail_begin_;
    std::memcpy(tail_, line_.data() + tail_begin_, tail);
    std::memset(tail_ + tail, 0, kPaddedWordBytes);
    for (size_t at = 0; at < line_.size(); at += kBlockBytes) ReadBlock(at);
    if (in_word_) Take(line_.size());
  }

 private:
  bool IsWordByte(size_t at) const {
    return at < line_.size() && absl::ascii_isalnum(line_[at]);
  }

  // Words are runs of set bits: where they change, words begin and end.
  void ReadBlock(size_t at) {
    uint64_t masks[kByteClasses];
    if (line_.size() - at >= kBlockBytes) {
      splitter_.masks_of_(line_.data() + at, kByteRanges, kByteClasses, masks);
    } else {
      char last[kBlockBytes] = {};
      std::memcpy(last, line_.data() + at, line_.size() - at);
      splitter_.masks_of_(last, kByteRanges, kByteClasses, masks);
    }
    const uint64_t letters = masks[kLower] | masks[kUpper] | masks[kDigit];
    const uint64_t before = letters << 1 | uint64_t{letter_before_};
    const uint64_t after = letters >> 1 | uint64_t{IsWordByte(at + kBlockBytes)}
                                              << 63;
    uint64_t word =
        letters | ((masks[kApostrophe] | masks[kHyphen]) & before & after);
    if (masks[kRaised] != 0 || raised_before_) {
      word |= RaisedCommas(at);
      raised_before_ = masks[kRaised] >> (kBlockBytes - 2) != 0;
    }
    // Not the point of a number or of an abbreviation within a word.
    uint64_t ends = masks[kNewline] | masks[kExclamation] | masks[kQuestion] |
                    (masks[kFullStop] & ~after);
    uint64_t changes = word ^ (word << 1 | uint64_t{in_word_});
    while (changes != 0) {
      const int bit = __builtin_ctzll(changes);
      changes &= changes - 1;
      if (in_word_) {
        Take(at + bit);
        continue;
      }
      in_word_ = true;
      begin_ = at + bit;
      const uint64_t earlier = (uint64_t{1} << bit) - 1;
      begins_sentence_ |= (ends & earlier) != 0;
      ends &= ~earlier;
    }
    if (!in_word_) begins_sentence_ |= ends != 0;
    letter_before_ = letters >> 63 != 0;
  }

  // Bits of the raised commas between letters or digits, as far as they lie in
  // the block; one may begin up to two bytes before it.
  uint64_t RaisedCommas(size_t at) {
    uint64_t bits = 0;
    for (size_t i = at < 2 ? 0 : at - 2; i < at + kBlockBytes; ++i) {
      if (i == 0 || i >= line_.size() || line_[i] != kRaisedComma[0] ||
          !IsWordByte(i - 1) || !IsWordByte(i + kRaisedComma.size()) ||
          !absl::StartsWith(line_.substr(i), kRaisedComma)) {
        continue;
      }
      has_raised_ = true;
      for (size_t k = i; k < i + kRaisedComma.size(); ++k) {
        if (k >= at && k < at + kBlockBytes) bits |= uint64_t{1} << (k - at);
      }
    }
    return bits;
  }

  // Takes the word that ends before `end`.
  void Take(size_t end) {
    in_word_ = false;
    const WordKey key =
        KeyOfPaddedWord(begin_ >= tail_begin_ ? tail_ + (begin_ - tail_begin_)
                                              : line_.data() + begin_,
                        end - begin_);
    const uint64_t hash = key.Hash();
    const HealthVocabulary::Id id = vocabulary_.Find(key, hash);
    // Filled in where it stays: a copy would wait for the parts to be written.
    words_.emplace_back();
    HealthWord& word = words_.back();
    word.begin = begin_;
    word.end = end;
    word.hash = ShortHash(hash);
    word.id = splitter_.WordOf(id);
    word.begins_sentence = begins_sentence_;
    if (has_raised_) MendRaisedCommas(&word);
    if (!begins_sentence_ && MayJoin(id)) JoinWordBefore(id);
    begins_sentence_ = false;
  }

  bool MayJoin(HealthVocabulary::Id id) const {
    return id == splitter_.not_ending_ ||
           (begin_ > 0 && line_[begin_ - 1] == '\'');
  }

  __attribute__((noinline)) void MendRaisedCommas(HealthWord* word) const {
    const std::string text = TextOf(*word);
    if (text.size() != word->end - word->begin) Mend(text, word);
  }

  // Of "ca n't" and "i 'm", which are one word each, takes the last as part of
  // the one before. `id` is its number.
  __attribute__((noinline)) void JoinWordBefore(HealthVocabulary::Id id) {
    const HealthWord& word = words_.back();
    const bool is_not = id == splitter_.not_ending_;
    if (words_.size() < 2 || (!is_not && !IsEnding(TextOf(word)))) return;
    HealthWord& whole = words_[words_.size() - 2];
    const std::string text =
        absl::StrCat(TextOf(whole), is_not ? "" : "'", TextOf(word));
    whole.end = word.end;
    words_.pop_back();
    Mend(text, &whole);
  }

  std::string TextOf(const HealthWord& word) const {
    return absl::AsciiStrToLower(
        absl::StrReplaceAll(line_.substr(word.begin, word.end - word.begin),
                            {{kRaisedComma, "'"}}));
  }

  void Mend(const std::string& text, HealthWord* word) const {
    const WordKey key = KeyOfWord(text);
    const uint64_t hash = key.Hash();
    word->hash = ShortHash(hash);
    word->id = splitter_.WordOf(vocabulary_.Find(key, hash));
  }

  const HealthWordSplitter& splitter_;
  const HealthVocabulary& vocabulary_;
  const absl::string_view line_;
  std::vector<HealthWord>& words_;
  // The line's end, with room behind it to read whole words.
  const size_t tail_begin_;
  char tail_[2 * kPaddedWordBytes];
  size_t begin_ = 0;
  bool in_word_ = false;
  bool letter_before_ = false;
  bool raised_before_ = false;
  bool has_raised_ = false;  // Anywhere so far.
  bool begins_sentence_ = true;
};

void HealthWordSplitter::Split(absl::string_view line,
                               std::vector<HealthWord>* words) const {
  words->clear();
  Line(*this, line, words).Read();
}

}  // namespace subrosa
