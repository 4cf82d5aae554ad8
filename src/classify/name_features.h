// What the name tagger looks at to label one token: each feature is a row of
// its table of weights, by hash. Training and tagging share this code, so that
// they see the same. Internal to this room.
//
// Safe to call from any thread.
#ifndef SUBROSA_SRC_CLASSIFY_NAME_FEATURES_H_
#define SUBROSA_SRC_CLASSIFY_NAME_FEATURES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "src/classify/name_tokens.h"

namespace subrosa {

enum class NameLabel : uint8_t {
  kNone,
  kPerson,
  kPlace,
  kOrganization,
  // Part of a street address: told apart so that it is not taken for a person;
  // not reported here, since addresses have finders of their own.
  kStreet,
};
inline constexpr size_t kNameLabels = 5;

// Rows are a hash's lowest bits.
inline constexpr size_t kNameRowBits = 17;

inline constexpr size_t kNameFeatures = 41;
using NameFeatures = std::array<uint32_t, kNameFeatures>;

// Words that hold together as one name would: capitals, and what joins them.
struct NameRun {
  size_t begin = 0;
  size_t end = 0;  // One past the last token.
};

// The run at `i`, a capitalised token; at most kMaxNameRun tokens from there.
inline constexpr size_t kMaxNameRun = 12;
NameRun NameRunAt(absl::Span<const NameToken> tokens, size_t i);

// Whether token `i` may be part of a name at all: capitalised, or on a list of
// names, or after a word that a name follows, or what joins two parts of a name
// after `last`. Others are none without being looked at further.
bool MayBeName(absl::Span<const NameToken> tokens, size_t i, NameLabel last);

// The rows for token `i`; `last` and `last_but_one` are the labels before it.
// `drop_word` leaves out what knows the word itself, so that training learns
// from its surroundings too.
void FeaturesOfName(absl::Span<const NameToken> tokens, size_t i, NameRun run,
                    NameLabel last, NameLabel last_but_one, bool drop_word,
                    NameFeatures* rows);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAME_FEATURES_H_
