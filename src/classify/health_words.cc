#include "src/classify/health_words.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/classify/byte_ranges.h"
#include "src/classify/health_word_key.h"

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
constexpr size_t kBlocks = 8;  // Whose masks are asked for at once.

constexpr uint64_t kLastBit = uint64_t{1} << 63;

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

}  // namespace

HealthWordSplitter::HealthWordSplitter(HealthVocabulary* vocabulary)
    : masks_of_(RangeMasksFunctions().front()),
      vocabulary_(vocabulary),
      not_ending_(vocabulary->Add("n't")) {
  for (const Spelling& spelling : kSpellings) {
    vocabulary->AddSpelling(spelling.written, spelling.word);
  }
}

// One call of Split. Each step goes over all words in a loop of its own that
// branches as little as it can: where words end cannot be foreseen, and a wrong
// guess costs more than a word.
class HealthWordSplitter::Cut {
 public:
  Cut(const HealthWordSplitter& splitter, absl::string_view text, Lines lines,
      HealthWords* words)
      : splitter_(splitter),
        lookup_(*splitter.vocabulary_),
        text_(text),
        cuts_lines_(lines == kManyLines),
        words_(*words) {}

  void Read() {
    words_.lines.clear();
    words_.raised.clear();
    words_.sentences.clear();
    words_.parts.clear();
    uint64_t masks[kByteClasses * kBlocks];
    size_t at = 0;
    for (; text_.size() - at >= kBlocks * kBlockBytes;
         at += kBlocks * kBlockBytes) {
      splitter_.masks_of_({text_.data() + at, kBlocks, kBlockBytes},
                          kByteRanges, kByteClasses, masks);
      for (size_t block = 0; block < kBlocks; ++block) {
        FindWords<kBlocks>(at + block * kBlockBytes, masks + block);
      }
    }
    for (; at < text_.size(); at += kBlockBytes) {
      char last[kBlockBytes] = {};
      std::memcpy(last, text_.data() + at,
                  std::min(kBlockBytes, text_.size() - at));
      splitter_.masks_of_({last}, kByteRanges, kByteClasses, masks);
      FindWords<1>(at, masks);
    }
    if (in_word_) TakeEdges(text_.size(), 1);
    words_.count = begun_;
    if (!cuts_lines_ && begun_ > 0) words_.lines.push_back(0);
    TellWords();
    MendRaisedCommas();
    if (!words_.parts.empty()) JoinWords();
  }

 private:
  // Of what stands between words in a block, a bit for the word that follows;
  // where none does, it is kept for the next block.
  class Followed {
   public:
    // The sum carries each mark through the gap that it stands in.
    uint64_t Next(uint64_t marks, uint64_t gaps) {
      uint64_t sum = 0;
      bool carries = __builtin_add_overflow(gaps, marks & gaps, &sum);
      carries |= __builtin_add_overflow(sum, uint64_t{is_open_}, &sum);
      is_open_ = carries;
      return sum & ~gaps;
    }

   private:
    bool is_open_ = true;  // The text's beginning.
  };

  bool IsWordByte(size_t at) const {
    return at < text_.size() && absl::ascii_isalnum(text_[at]);
  }

  // Words are runs of set bits: where they change, words begin and end.
  // `masks_of_block` has one for each class, kStride apart, of the block at
  // `at`.
  template <size_t kStride>
  void FindWords(size_t at, const uint64_t* masks_of_block) {
    uint64_t masks[kByteClasses];
    for (size_t i = 0; i < kByteClasses; ++i) {
      masks[i] = masks_of_block[i * kStride];
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
    const uint64_t shifted = word << 1 | uint64_t{in_word_};
    const uint64_t begins = word & ~shifted;
    // Not the point of a number or of an abbreviation within a word.
    const uint64_t ends = masks[kNewline] | masks[kExclamation] |
                          masks[kQuestion] | (masks[kFullStop] & ~after);
    NoteWords(begins, sentences_.Next(ends, ~word), &words_.sentences);
    if (cuts_lines_) {
      NoteWords(begins, lines_.Next(masks[kNewline], ~word), &words_.lines);
    }
    const uint64_t quoted =
        masks[kApostrophe] << 1 | uint64_t{apostrophe_before_};
    // "n't", too, may be a part of the word before.
    const bool apostrophe_after =
        at + kBlockBytes < text_.size() && text_[at + kBlockBytes] == '\'';
    const uint64_t cut = masks[kApostrophe] >> 1 | uint64_t{apostrophe_after}
                                                       << 63;
    if ((begins & (quoted | cut)) != 0) NoteParts(at, begins, quoted, cut);
    TakeEdges(at, word ^ shifted);
    begun_ += __builtin_popcountll(begins);
    in_word_ = word >> 63 != 0;
    letter_before_ = letters >> 63 != 0;
    apostrophe_before_ = masks[kApostrophe] >> 63 != 0;
  }

  __attribute__((noinline)) void NoteParts(size_t at, uint64_t begins,
                                           uint64_t quoted, uint64_t cut) {
    uint64_t parts = begins & quoted;
    for (uint64_t rest = begins & cut; rest != 0; rest &= rest - 1) {
      const char first = text_[at + __builtin_ctzll(rest)];
      if (absl::ascii_tolower(first) == 'n') parts |= rest & -rest;
    }
    NoteWords(begins, parts, &words_.parts);
  }

  // Notes which words those are that begin at `noted`, some of `begins`.
  void NoteWords(uint64_t begins, uint64_t noted,
                 std::vector<uint32_t>* numbers) const {
    for (; noted != 0; noted &= noted - 1) {
      const uint64_t earlier = (noted & -noted) - 1;
      numbers->push_back(begun_ + static_cast<uint32_t>(
                                      __builtin_popcountll(begins & earlier)));
    }
  }

  // How many there are in a block cannot be foreseen: so many are always taken,
  // also those that are none and are written over later.
  void TakeEdges(size_t at, uint64_t edges) {
    constexpr size_t kAtOnce = 8;
    if (words_.edges.size() < edge_count_ + 2 * kBlockBytes) {
      words_.edges.resize(2 * (edge_count_ + 2 * kBlockBytes));
    }
    uint32_t* const room = words_.edges.data() + edge_count_;
    const auto count = static_cast<size_t>(__builtin_popcountll(edges));
    for (size_t from = 0; from < count; from += kAtOnce) {
      for (size_t i = from; i < from + kAtOnce; ++i) {
        room[i] = static_cast<uint32_t>(at + __builtin_ctzll(edges | kLastBit));
        edges &= edges - 1;
      }
    }
    edge_count_ += count;
  }

  // Bits of the raised commas between letters or digits, as far as they lie in
  // the block; one may begin up to two bytes before it.
  __attribute__((noinline)) uint64_t RaisedCommas(size_t at) {
    uint64_t bits = 0;
    for (size_t i = at < 2 ? 0 : at - 2; i < at + kBlockBytes; ++i) {
      if (i == 0 || i >= text_.size() || text_[i] != kRaisedComma[0] ||
          !IsWordByte(i - 1) || !IsWordByte(i + kRaisedComma.size()) ||
          !absl::StartsWith(text_.substr(i), kRaisedComma)) {
        continue;
      }
      if (i >= at) words_.raised.push_back(i);
      for (size_t k = i; k < i + kRaisedComma.size(); ++k) {
        if (k >= at && k < at + kBlockBytes) bits |= uint64_t{1} << (k - at);
      }
    }
    return bits;
  }

  // Fills in what tells each word.
  void TellWords() {
    // Of its own, so that the loop need not look again where it stands.
    const HealthVocabulary::Lookup lookup = lookup_;
    const char* const text = text_.data();
    const auto count = static_cast<uint32_t>(words_.count);
    if (words_.room.size() < count) words_.room.resize(2 * count);
    if (words_.others.size() < count) words_.others.resize(2 * count);
    HealthWord* const words = words_.room.data();
    uint32_t* const others = words_.others.data();
    const uint32_t* const edges = words_.edges.data();
    uint32_t padded = count;  // So many have room behind them to read.
    while (padded > 0 &&
           edges[2 * (padded - 1)] + kPaddedWordBytes > text_.size()) {
      --padded;
    }
    size_t other_count = 0;
    for (uint32_t i = 0; i < padded; ++i) {
      HealthWord word;
      word.begin = edges[2 * i];
      word.end = edges[2 * i + 1];
      const char* const written = text + word.begin;
      const size_t size = word.end - word.begin;
      // Where numbers stand often, as in a log, they stand in a pattern: this
      // branch can be foreseen.
      if (absl::ascii_isdigit(*written) &&
          !lookup.MayHaveNumber(written, size)) {
        words[i] = word;
        continue;
      }
      const unsigned is_known = lookup.Tell(written, size, &word);
      words[i] = word;
      others[other_count] = i;
      other_count += is_known ^ 1;
    }
    for (size_t i = 0; i < other_count; ++i) {
      HealthWord& word = words[others[i]];
      word.Take(lookup.TellOther(text + word.begin, word.end - word.begin));
    }
    for (uint32_t i = padded; i < count; ++i) {
      words[i] = HealthWord();
      words[i].begin = edges[2 * i];
      words[i].end = edges[2 * i + 1];
      Tell(Written(words[i]), &words[i]);
    }
    for (const uint32_t at : words_.sentences) {
      words[at].marks |= HealthWord::kBeginsSentence;
    }
  }

  void Tell(absl::string_view text, HealthWord* word) const {
    word->Take(lookup_.TellCopied(text));
  }

  // Makes "can’t" the word "can't".
  void MendRaisedCommas() {
    HealthWord* const end = words_.room.data() + words_.count;
    HealthWord* word = words_.room.data();
    for (const size_t raised : words_.raised) {
      word = std::upper_bound(word, end, raised,
                              [](size_t at, const HealthWord& other) {
                                return at < other.begin;
                              }) -
             1;
      Tell(TextOf(*word), word);
    }
  }

  // Makes "ca n't" and "i 'm" the one word that each is.
  void JoinWords() {
    HealthWord* const words = words_.room.data();
    size_t joined = 0;  // The last that was, if any, and what to.
    size_t whole = 0;
    for (const size_t at : words_.parts) {
      const HealthWord& word = words[at];
      const bool is_not =
          word.id == splitter_.not_ending_ &&
          lookup_.TellCopied(Written(word)).id == splitter_.not_ending_;
      const bool follows_apostrophe =
          word.begin > 0 && text_[word.begin - 1] == '\'';
      if (at == 0 || !(is_not || follows_apostrophe) ||
          word.begins_sentence() || !(is_not || IsEnding(TextOf(word)))) {
        continue;
      }
      if (joined == 0 || joined + 1 != at) whole = at - 1;
      joined = at;
      const std::string text =
          absl::StrCat(TextOf(words[whole]), is_not ? "" : "'", TextOf(word));
      words[whole].end = word.end;
      Tell(text, &words[whole]);
      words[at].end = 0;
    }
    if (joined != 0) LeaveOutJoined();
  }

  void LeaveOutJoined() {
    HealthWord* const words = words_.room.data();
    auto line = words_.lines.begin();
    uint32_t kept = 0;
    for (size_t i = 0; i < words_.count; ++i) {
      if (line != words_.lines.end() && *line == i) *line++ = kept;
      if (words[i].end != 0) words[kept++] = words[i];
    }
    words_.count = kept;
  }

  absl::string_view Written(const HealthWord& word) const {
    return text_.substr(word.begin, word.end - word.begin);
  }

  std::string TextOf(const HealthWord& word) const {
    return absl::AsciiStrToLower(
        absl::StrReplaceAll(Written(word), {{kRaisedComma, "'"}}));
  }

  const HealthWordSplitter& splitter_;
  const HealthVocabulary::Lookup lookup_;
  const absl::string_view text_;
  const bool cuts_lines_;
  HealthWords& words_;
  uint32_t begun_ = 0;     // Words of which the first byte was seen.
  size_t edge_count_ = 0;  // Where words begin and end.
  Followed sentences_;
  Followed lines_;
  bool in_word_ = false;
  bool letter_before_ = false;
  bool apostrophe_before_ = false;
  bool raised_before_ = false;
};

void HealthWords::HashNumbers(absl::string_view text, size_t begin,
                              size_t end) {
  for (HealthWord& word : absl::MakeSpan(room).subspan(begin, end - begin)) {
    if (word.hash != 0) continue;
    // Those without room behind them were told whole.
    if (word.begin + kPaddedWordBytes > text.size()) continue;
    word.hash =
        HashOfPaddedWord(text.data() + word.begin, word.end - word.begin);
  }
}

void HealthWordSplitter::Split(absl::string_view text, Lines lines,
                               HealthWords* words) const {
  Cut(*this, text, lines, words).Read();
}

}  // namespace subrosa
