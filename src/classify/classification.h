// What classification says of a record: sets of kinds (Classification), and
// the reasons one by one (Finding). Neither ever holds a value of the record.
#ifndef SUBROSA_SRC_CLASSIFY_CLASSIFICATION_H_
#define SUBROSA_SRC_CLASSIFY_CLASSIFICATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// A set of values of the enum E, held in one word: the value numbered n is bit
// n, so bit 0 (UNSPECIFIED) is never set. The word is what rests in a row.
//
// A number outside 1 to the word's highest bit is never a member, and adding it
// does nothing: callers check numbers that they read from outside first.
template <typename E, typename Word>
class EnumSet {
 public:
  // Highest number that a set can hold.
  static constexpr int kMaxNumber = sizeof(Word) * 8 - 1;

  constexpr EnumSet() = default;
  constexpr explicit EnumSet(E value) : bits_(Bit(value)) {}

  // The set whose word is `bits`; bit 0 is dropped.
  static constexpr EnumSet FromBits(Word bits) {
    EnumSet set;
    set.bits_ = bits & ~Word{1};
    return set;
  }

  constexpr Word bits() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool Has(E value) const { return (bits_ & Bit(value)) != 0; }
  constexpr void Add(E value) { bits_ |= Bit(value); }

  // The members in the statute's order.
  std::vector<E> Values() const {
    std::vector<E> values;
    for (int number = 1; number <= kMaxNumber; ++number) {
      if (Has(static_cast<E>(number))) values.push_back(static_cast<E>(number));
    }
    return values;
  }

  constexpr EnumSet& operator|=(EnumSet other) {
    bits_ |= other.bits_;
    return *this;
  }
  friend constexpr EnumSet operator&(EnumSet a, EnumSet b) {
    return FromBits(a.bits_ & b.bits_);
  }
  friend constexpr bool operator==(EnumSet a, EnumSet b) {
    return a.bits_ == b.bits_;
  }
  friend constexpr bool operator!=(EnumSet a, EnumSet b) { return !(a == b); }

 private:
  static constexpr Word Bit(E value) {
    const int number = static_cast<int>(value);
    return number > 0 && number <= kMaxNumber ? Word{1} << number : Word{0};
  }

  Word bits_ = 0;
};

using CategorySet = EnumSet<v1::HealthCategory, uint32_t>;
using LabelSet = EnumSet<v1::HealthLabel, uint64_t>;
using PersonalSet = EnumSet<v1::PersonalCategory, uint32_t>;
using SensitiveSet = EnumSet<v1::SensitiveCategory, uint32_t>;
using IdentifierSet = EnumSet<v1::IdentifierKind, uint64_t>;

// All kinds of data that one record holds.
//
// No health category is a legal outcome and no permission: whatever hangs on a
// consumer is still personal data.
struct Classification {
  LabelSet labels;
  IdentifierSet identifiers;
  CategorySet categories;
  PersonalSet personal;
  SensitiveSet sensitive;

  // The record holds a field that carries no mark, or that its type's
  // description does not know. What is in there is not classified; the schema
  // lint says which fields lack a mark.
  bool has_unmarked = false;

  // Takes up what `other` holds. In the header because a walk over a record
  // does little else.
  Classification& operator|=(const Classification& other) {
    labels |= other.labels;
    identifiers |= other.identifiers;
    categories |= other.categories;
    personal |= other.personal;
    sensitive |= other.sensitive;
    has_unmarked |= other.has_unmarked;
    return *this;
  }
};

bool operator==(const Classification& a, const Classification& b);
inline bool operator!=(const Classification& a, const Classification& b) {
  return !(a == b);
}

// On what a finding rests.
enum class FindingBasis {
  kMark = 1,        // The field or its message is marked.
  kCode = 2,        // A code of a code system.
  kIdentifier = 3,  // The shape of an identifier in text.
  kLanguage = 4,    // Words about health in text.
  kInference = 5,   // Follows from another finding.
};

// "mark", "code", "identifier", "language", "inference".
absl::string_view BasisText(FindingBasis basis);

// Bytes [offset, offset + length) of what was classified: of the payload's wire
// form for a record, of the UTF-8 text for a text. For a field of the record
// outside its payload, zero and zero.
struct ByteSpan {
  size_t offset = 0;
  size_t length = 0;
};

// One reason for one kind. Exactly one of `category`, `personal`, `sensitive`
// and `identifier` is set, or none of them and `labels` is not empty.
struct Finding {
  // Names and indexes only: "payload.code.coding[0]". "payload" for what holds
  // for the whole payload.
  std::string field_path;
  ByteSpan span;

  v1::HealthCategory category = v1::HEALTH_CATEGORY_UNSPECIFIED;
  LabelSet labels;  // Finer labels that hang below `category`.
  v1::PersonalCategory personal = v1::PERSONAL_CATEGORY_UNSPECIFIED;
  v1::SensitiveCategory sensitive = v1::SENSITIVE_CATEGORY_UNSPECIFIED;
  v1::IdentifierKind identifier = v1::IDENTIFIER_UNSPECIFIED;

  FindingBasis basis = FindingBasis::kMark;

  // Names the rule, never the value that met it: "mark:subrosa.v1.CycleEntry",
  // "icd-10-cm/substance-use".
  std::string rule_id;

  // Citation of the clause that names this kind. Empty for labels alone.
  std::string clause;

  // Above 0, at most 1. Marks and codes are certain: 1.
  double score = 1.0;

  // Why, in plain words, for a privacy officer.
  std::string reason;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CLASSIFICATION_H_
