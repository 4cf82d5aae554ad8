// The words that health language is told by, each with a small number, so that
// rules compare numbers and no text is copied or put in lower case; and how
// words begin and end that are told by that alone. Internal to this room.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_VOCABULARY_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/strings/string_view.h"
#include "src/classify/health_word_key.h"

namespace subrosa {

class HealthVocabulary {
 public:
  // Zero is every word that was not added, except for those of kMayHaveAffix.
  using Id = uint16_t;

  // A word that was not added, and that may begin or end as one of the affixes.
  static constexpr Id kMayHaveAffix = 1;

  // What affixes have at least, and words with an ending.
  static constexpr size_t kMinAffixLetters = 3;
  static constexpr size_t kMinEndingWordLetters = 6;

  HealthVocabulary();

  // The number of `word`, which is added if need be: not empty, of ASCII
  // letters, digits, apostrophes and hyphens. At most 32,766 words; what is
  // above that has zero.
  Id Add(absl::string_view word);

  // Adds `written` as another spelling of `word`: both have its number.
  Id AddSpelling(absl::string_view written, absl::string_view word);

  // Adds a beginning or an ending of words: as a word, and no shorter than
  // kMinAffixLetters.
  void AddBeginning(absl::string_view letters);
  void AddEnding(absl::string_view letters);

  // One more than the largest number.
  size_t size() const { return entries_.size(); }

  // The word with number `id`, above one and below size(), as it was added.
  absl::string_view WordOf(Id id) const { return words_[id]; }

  // Gives all words what Told has of them, by number, size() of them; zero
  // until then. That of kMayHaveAffix is every such word's.
  void SetOpenings(const std::vector<uint8_t>& openings);

  struct Told {
    uint32_t hash = 0;  // What the model knows it by.
    Id id = 0;
    uint8_t openings = 0;  // What may begin at it: the lexicon's.
    uint8_t marks = 0;     // For whoever looks words up.
  };

 private:
  // A word, or a spelling of one.
  struct alignas(32) Entry {
    WordKey key;  // Those of zero and one are none's.
    Told told;    // Of the word of which it is a spelling.
  };

 public:
  // Looks words up. As long as the vocabulary lives and nothing is added.
  class Lookup {
   public:
    explicit Lookup(const HealthVocabulary& vocabulary)
        : vocabulary_(&vocabulary),
          slots_(vocabulary.slots_.data()),
          shift_(vocabulary.shift_),
          entries_(vocabulary.entries_.data()),
          digits_(vocabulary.digits_.data()),
          beginnings_(vocabulary.beginnings_.data()),
          endings_(vocabulary.endings_.data()) {}

    // Sets `told` to what is known of the word of `size` bytes at `word`, with
    // room to read as for KeyOfPaddedWord, and returns 1; or to anything, and
    // returns 0, if it was not added. Does not branch at that, since it cannot
    // be foreseen.
    ABSL_ATTRIBUTE_ALWAYS_INLINE unsigned Tell(const char* word, size_t size,
                                               Told* told) const {
      const WordKey key = KeyOfPaddedWord(word, size);
      const uint64_t slot = key.Place() >> shift_;
      Id id = slots_[slot];
      if (__builtin_expect(id >= kMore, 0)) {
        id = vocabulary_->FindFrom(slot, key);
      }
      const Entry& entry = entries_[id];
      const uint64_t differs =
          (entry.key.first ^ key.first) | (entry.key.last ^ key.last);
      *told = entry.told;
      return differs == 0 ? 1 : 0;
    }

    // Of a word of `size` bytes that was not added.
    Told TellOther(const char* word, size_t size) const {
      const uint32_t first = FirstFour(word, size);
      Told told = entries_[(HasFour(beginnings_, first) | MayEnd(word, size)) *
                           kMayHaveAffix]
                      .told;
      told.hash = HashOfPaddedWord(word, size);
      return told;
    }

    // Whether a word that begins with a digit may have any number but zero:
    // few do.
    bool MayHaveNumber(const char* word, size_t size) const {
      return (HasFour(digits_, FirstFour(word, size)) | MayEnd(word, size)) !=
             0;
    }

    // Of any word, of which no more may be read: the number, and the hash.
    Told TellCopied(absl::string_view word) const;

   private:
    // With zeros behind it.
    static uint32_t FirstFour(const char* word, size_t size) {
      const size_t within = size < sizeof(uint32_t) ? size : sizeof(uint32_t);
      uint32_t mask;
      std::memcpy(&mask, kFirstBytes + kPaddedWordBytes - within, sizeof(mask));
      return FourAt(word) & mask;
    }
    unsigned MayEnd(const char* word, size_t size) const {
      const unsigned may_end = size >= kMinEndingWordLetters ? 1 : 0;
      const size_t at = may_end * (size - sizeof(uint32_t));
      return may_end & HasFour(endings_, FourAt(word + at));
    }

    const HealthVocabulary* vocabulary_;
    const Id* slots_;
    int shift_;
    const Entry* entries_;
    const uint64_t* digits_;
    const uint64_t* beginnings_;
    const uint64_t* endings_;
  };

 private:
  // In a slot: words that belong there stand further on.
  static constexpr Id kMore = 1 << 15;
  static constexpr int kFourBits = 15;

  // Of four letters, in either case.
  static uint32_t FourSlot(uint32_t four) {
    return ((four & 0x1f1f1f1fU) * 0x9e3779b1U) >> (32 - kFourBits);
  }
  static unsigned HasFour(const uint64_t* bits, uint32_t four) {
    const uint32_t slot = FourSlot(four);
    return static_cast<unsigned>(bits[slot / 64] >> (slot % 64) & 1);
  }
  static uint32_t FourAt(const char* letters) {
    uint32_t four;
    std::memcpy(&four, letters, sizeof(four));
    return four;
  }
  static void AddFour(absl::string_view four, std::vector<uint64_t>* bits);

  Id FindFrom(size_t slot, WordKey key) const;
  void Place(Id id);
  void Grow();

  std::vector<Entry> entries_;  // By number, and the next by it too.
  std::vector<std::string> words_;
  std::vector<Id> slots_;  // At least seven of eight are zero.
  int shift_;
  // Bits, by the slot of four letters: whether a word that begins with a digit
  // may begin so; whether an affix may begin or end so.
  std::vector<uint64_t> digits_;
  std::vector<uint64_t> beginnings_;
  std::vector<uint64_t> endings_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_VOCABULARY_H_
