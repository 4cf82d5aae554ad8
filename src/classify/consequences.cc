#include "src/classify/consequences.h"

#include <array>

#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

// By number of the kind; one word per kind, so that a record takes a few loads.
template <typename E>
using Table = std::array<SensitiveSet, 64>;

template <typename E>
const Table<E>& Counterparts() {
  static const Table<E> table = [] {
    Table<E> made;
    for (const E value : AllValues<E>()) {
      for (const int number : FactsOf(value).california()) {
        made[static_cast<size_t>(value)].Add(
            static_cast<v1::SensitiveCategory>(number));
      }
    }
    return made;
  }();
  return table;
}

template <typename E, typename Set>
void Follow(Set kinds, SensitiveSet* sensitive) {
  const Table<E>& table = Counterparts<E>();
  for (uint64_t bits = kinds.bits(); bits != 0; bits &= bits - 1) {
    *sensitive |= table[__builtin_ctzll(bits)];
  }
}

}  // namespace

SensitiveSet ConsequencesOf(v1::HealthCategory category) {
  SensitiveSet sensitive;
  Follow<v1::HealthCategory>(CategorySet(category), &sensitive);
  return sensitive;
}

SensitiveSet ConsequencesOf(v1::IdentifierKind identifier) {
  SensitiveSet sensitive;
  Follow<v1::IdentifierKind>(IdentifierSet(identifier), &sensitive);
  return sensitive;
}

Classification WithConsequences(Classification kinds) {
  Follow<v1::HealthCategory>(kinds.categories, &kinds.sensitive);
  Follow<v1::IdentifierKind>(kinds.identifiers, &kinds.sensitive);
  if (!kinds.sensitive.empty()) {
    kinds.personal.Add(v1::PERSONAL_CATEGORY_SENSITIVE);
  }
  return kinds;
}

}  // namespace subrosa
