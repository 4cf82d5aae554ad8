// What one row of the record store says in clear, and the sealed rest.
#ifndef SUBROSA_SRC_VAULT_RECORD_ROW_H_
#define SUBROSA_SRC_VAULT_RECORD_ROW_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// What classification says of a record.
struct RecordKinds {
  // Bit N stands for HealthCategory N.
  uint32_t categories = 0;
  // Bit N stands for HealthLabel N.
  uint64_t labels = 0;
  // Bit N: no mark and no code says HealthCategory N, but words in free text or
  // an inference alone do. Bit kOfOthers + N: these speak of somebody else's
  // health, and of the consumer's nowhere.
  uint32_t told = 0;
};

// Above all numbers of categories, and so that both sets fit into `told`.
inline constexpr int kOfOthers = 16;

// As bits, N for HealthCategory N.
constexpr uint32_t ToldCategories(const RecordKinds& kinds) {
  return kinds.told & ((uint32_t{1} << kOfOthers) - 1);
}
constexpr uint32_t OthersCategories(const RecordKinds& kinds) {
  return kinds.told >> kOfOthers;
}

// The column `categories`: both sets of bits, `told` from bit 32 on. A column
// of its own would stand behind the envelope, where reading it is slow.
constexpr int64_t CategoriesColumn(const RecordKinds& kinds) {
  return static_cast<int64_t>(uint64_t{kinds.told} << 32 | kinds.categories);
}
inline void ReadCategoriesColumn(int64_t column, RecordKinds* kinds) {
  kinds->categories = static_cast<uint32_t>(column);
  kinds->told = static_cast<uint32_t>(static_cast<uint64_t>(column) >> 32);
}

// Facts about a record that rest in clear beside its envelope, so that
// inventory, retention and decisions need no key. docs/threat_model.md says
// what they show an intruder. A keyed tag over all of them is checked when the
// record is opened.
struct RowFacts : RecordKinds {
  std::string schema;   // Full name of the payload's message type.
  std::string source;   // Slug.
  std::string purpose;  // Slug.
  // Days since 1970-01-01, in UTC.
  int32_t collected_day = 0;
  int32_t effective_day = 0;
};

// How many records are held that are alike in all but their days.
struct HeldRecords {
  std::string schema;  // As in RowFacts.
  std::string source;
  std::string purpose;
  uint32_t categories = 0;
  uint64_t labels = 0;
  int64_t records = 0;
};

// Where a row stands. References are 16 random or pseudo-random bytes and lead
// to nobody by themselves.
struct RowPlace {
  std::string data_ref;
  std::string record_ref;
  uint32_t revision = 0;  // From 1.
};

struct RecordRow {
  RowPlace place;
  RowFacts facts;
  // 16 bytes: a PRF of the content. Whoever changes it makes a repeat look new,
  // or a change look like a repeat, and learns nothing.
  std::string digest;
  std::string row_tag;   // 16 bytes: a PRF of place and facts.
  std::string envelope;  // docs/formats/envelope.md
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_ROW_H_
