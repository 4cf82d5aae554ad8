#include "src/classify/name_features.h"

#include <algorithm>

#include "src/classify/name_lists.h"

namespace subrosa {
namespace {

constexpr NameToken kNoToken;

const NameToken& TokenAt(absl::Span<const NameToken> tokens, size_t i) {
  // Before the first, i wraps around and is beyond the last.
  return i < tokens.size() ? tokens[i] : kNoToken;
}

bool IsCapital(const NameToken& token) {
  return token.shape >= NameShape::kInitial;
}

const uint32_t kHyphen = NameWordHash("-");
const uint32_t kPeriod = NameWordHash(".");
const uint32_t kAmpersand = NameWordHash("&");
const uint32_t kAt = NameWordHash("@");
const uint32_t kHash = NameWordHash("#");

// Small words within names: "de", "van", "of".
bool IsJoiningWord(uint32_t word) {
  static const uint32_t kWords[] = {
      NameWordHash("de"),  NameWordHash("la"),  NameWordHash("del"),
      NameWordHash("van"), NameWordHash("von"), NameWordHash("der"),
      NameWordHash("den"), NameWordHash("di"),  NameWordHash("da"),
      NameWordHash("dos"), NameWordHash("of"),  NameWordHash("and"),
      NameWordHash("the"), NameWordHash("for"), NameWordHash("al"),
      NameWordHash("bin"), NameWordHash("ibn"), NameWordHash("y"),
      NameWordHash("e"),   NameWordHash("ter"), NameWordHash("du")};
  return std::find(std::begin(kWords), std::end(kWords), word) !=
         std::end(kWords);
}

bool IsJoiningSign(uint32_t word) {
  return word == kHyphen || word == kPeriod || word == kAmpersand;
}

bool IsBetweenCapitals(absl::Span<const NameToken> tokens, size_t i) {
  const NameToken& token = tokens[i];
  const NameToken& next = TokenAt(tokens, i + 1);
  if (next.begins_line || token.begins_line) return false;
  if (token.shape == NameShape::kSign) {
    if (!IsJoiningSign(token.word) || !IsCapital(next)) return false;
    // A period belongs to an initial or a title; else the sentence ends.
    return token.word != kPeriod || next.is_glued ||
           (i > 0 && (tokens[i - 1].shape == NameShape::kInitial ||
                      (tokens[i - 1].lists & (kTitleList | kStreetList)) != 0));
  }
  if (!IsJoiningWord(token.word)) return false;
  return IsCapital(next) ||
         (IsJoiningWord(next.word) && IsCapital(TokenAt(tokens, i + 2)));
}

// Whether token `i` is nobody's name but a finding's: "Murphy's sign".
bool IsEponym(absl::Span<const NameToken> tokens, size_t i) {
  if ((tokens[i].lists & kEponymList) == 0) return false;
  if ((TokenAt(tokens, i - 1).lists & kTitleList) != 0) return false;
  static const uint32_t kPossessive = NameWordHash("s");
  const bool is_possessive = TokenAt(tokens, i + 1).shape == NameShape::kSign &&
                             TokenAt(tokens, i + 2).is_glued &&
                             TokenAt(tokens, i + 2).word == kPossessive;
  return (TokenAt(tokens, i + (is_possessive ? 3 : 1)).lists & kFindingList) !=
         0;
}

// "mr. alder" or "dr alder".
bool IsAfterTitle(absl::Span<const NameToken> tokens, size_t i) {
  const NameToken& back = TokenAt(tokens, i - 1);
  return ((back.word == kPeriod ? TokenAt(tokens, i - 2) : back).lists &
          kTitleList) != 0;
}

// Rows are spread by the feature's kind and by what it saw.
class RowMaker {
 public:
  explicit RowMaker(NameFeatures* rows) : rows_(rows) {}
  void Add(uint32_t seen) {
    uint32_t hash = (seen ^ (kind_ * 0x9E3779B1u)) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 15) * 0xC2B2AE35u;
    (*rows_)[kind_++] = (hash ^ hash >> 16) & ((1u << kNameRowBits) - 1);
  }
  void Add(uint32_t first, uint32_t second) {
    Add(NamePairHash(first, second));
  }
  void Add(uint32_t first, uint32_t second, uint32_t third) {
    Add(NamePairHash(NamePairHash(first, second), third));
  }
  // A feature that is left out: all of them share the row of zero.
  void Skip() { Add(0u); }

 private:
  NameFeatures* rows_;
  uint32_t kind_ = 0;
};

// The shape with what stands before it.
uint32_t LookOf(const NameToken& token) {
  return static_cast<uint32_t>(token.shape) | (token.is_glued ? 16 : 0) |
         (token.begins_line ? 32 : 0);
}

}  // namespace

NameRun NameRunAt(absl::Span<const NameToken> tokens, size_t i) {
  NameRun run{i, i + 1};
  const size_t limit = std::min(tokens.size(), i + kMaxNameRun);
  while (run.end < limit && !tokens[run.end].begins_line &&
         (IsCapital(tokens[run.end]) || IsBetweenCapitals(tokens, run.end))) {
    ++run.end;
  }
  return run;
}

bool MayBeName(absl::Span<const NameToken> tokens, size_t i, NameLabel last) {
  const NameToken& token = tokens[i];
  if (IsCapital(token)) return !IsEponym(tokens, i);
  if (token.shape == NameShape::kLower) {
    // Many surnames are words: in small letters, only after another name.
    const uint32_t names = kGivenList | kPlaceList |
                           (last == NameLabel::kPerson ? kSurnameList : 0u);
    if ((token.lists & names) != 0 && (token.lists & kCommonList) == 0) {
      return !IsEponym(tokens, i);
    }
    if (token.begins_line) return false;
    if ((token.lists & kCommonList) == 0 && IsAfterTitle(tokens, i)) {
      return true;
    }
    if (last == NameLabel::kNone) return false;
    // "julie novak": after a given name in small letters, what is no common
    // word may be the surname.
    if (last == NameLabel::kPerson &&
        tokens[i - 1].shape == NameShape::kLower &&
        (tokens[i - 1].lists & kGivenList) != 0 &&
        (token.lists & kCommonList) == 0) {
      return true;
    }
    return IsBetweenCapitals(tokens, i) ||
           (token.lists &
            (kCompanyList | kBodyList | kStreetList | kGeoList)) != 0;
  }
  return last != NameLabel::kNone && !token.begins_line &&
         token.shape == NameShape::kSign && IsBetweenCapitals(tokens, i);
}

void FeaturesOfName(absl::Span<const NameToken> tokens, size_t i, NameRun run,
                    NameLabel last, NameLabel last_but_one, bool drop_word,
                    NameFeatures* rows) {
  const NameToken& here = tokens[i];
  const NameToken& back1 = TokenAt(tokens, i - 1);
  const NameToken& back2 = TokenAt(tokens, i - 2);
  const NameToken& next1 = TokenAt(tokens, i + 1);
  const NameToken& next2 = TokenAt(tokens, i + 2);
  const NameToken& before = TokenAt(tokens, run.begin - 1);
  const NameToken& before2 = TokenAt(tokens, run.begin - 2);
  const NameToken& after = TokenAt(tokens, run.end);
  const NameToken& after2 = TokenAt(tokens, run.end + 1);
  const NameToken& first = tokens[run.begin];
  const NameToken& final = tokens[run.end - 1];
  const uint32_t labels =
      static_cast<uint32_t>(last) * 8 + static_cast<uint32_t>(last_but_one);
  const uint32_t look = LookOf(here);
  const uint32_t length =
      static_cast<uint32_t>(std::min<size_t>(run.end - run.begin, 5)) * 8 +
      static_cast<uint32_t>(std::min<size_t>(i - run.begin, 5));
  RowMaker make(rows);

  if (drop_word) {
    for (int k = 0; k < 5; ++k) make.Skip();
  } else {
    make.Add(here.word);
    make.Add(here.word, labels);
    make.Add(back1.word, here.word);
    make.Add(here.word, next1.word);
    make.Add(here.word, look);
  }
  make.Add(here.head, look);
  make.Add(here.tail, look);
  make.Add(look, length);
  make.Add(here.lists, look);
  make.Add(here.lists, labels);

  make.Add(back1.word);
  make.Add(back1.word, back2.word);
  make.Add(back2.word, look);
  make.Add(next1.word);
  make.Add(next1.word, next2.word);
  make.Add(next2.word, look);
  make.Add(back1.word, next1.word);
  make.Add(LookOf(back1), look, LookOf(next1));
  make.Add(back1.lists, here.lists);
  make.Add(here.lists, next1.lists);
  make.Add(back1.lists, here.lists, next1.lists);

  make.Add(labels);
  make.Add(labels, look);
  make.Add(labels, back1.word);
  make.Add(labels, next1.lists, LookOf(next1));

  make.Add(before.word, length);
  make.Add(before.word, before2.word);
  make.Add(before.lists, look);
  make.Add(before.lists, before2.lists);
  make.Add(before2.word, TokenAt(tokens, run.begin - 3).word);
  make.Add(after.word, length);
  make.Add(after.word, after2.word);
  make.Add(after.lists, before.lists);
  make.Add(before.word, after.word);
  make.Add(first.lists, final.lists, length);
  make.Add(final.lists);
  make.Add(final.lists, before.word);
  if (drop_word) {
    make.Skip();
  } else {
    make.Add(final.word);
  }
  make.Add(first.lists, length);
  make.Add(final.tail, labels);
  // Handles and tags of chats are no names of people by themselves.
  make.Add(here.is_glued && (back1.word == kAt || back1.word == kHash), look);
}

}  // namespace subrosa
