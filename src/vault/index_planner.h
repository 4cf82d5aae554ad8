// The planner of blind indexes decides whether a field may have one, and of
// what size, from how its values are spread. An index tells whoever reads the
// key store which consumers may share a value; the planner computes how much
// that is, and refuses with the reason where it is too much.
//
//   partitions   a consumer's entries stand under tokens of one of so many
//                kinds, so that one frequent value shows as several smaller
//                ones
//   bits         a token tells so many bits of a value at most: several values
//                share one on purpose, and whoever searches compares afterwards
//
// Pure: no value of a record comes here, only counts. Thread-safe: no state.
//
// Security: the figures are expectations over a random choice of tokens, for an
// intruder who knows how values are spread and, for the guess, even which
// values share which token. They are about one index; whoever joins several of
// one consumer, or makes records of their own and watches, learns more
// (docs/threat_model.md).
#ifndef SUBROSA_SRC_VAULT_INDEX_PLANNER_H_
#define SUBROSA_SRC_VAULT_INDEX_PLANNER_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// How the values of a field are spread over consumers.
struct IndexHistogram {
  int64_t consumers = 0;  // Who have a value, once each.
  // By how many consumers have it: how many values are had by so many.
  std::map<int64_t, int64_t> values_by_count;
};

// What a field's type and marks say of it.
struct IndexFieldFacts {
  bool has_few_values = false;  // A truth value or an enum.
  bool is_exact = false;        // Text, bytes or a whole number.
  bool is_marked = false;       // An unmarked field is an oversight.
  bool is_free_text = false;
  // What is asked by name: HIV status, sex, gender, pregnancy, an ICD chapter.
  bool is_denied_by_name = false;
  // Marked as health data, as sensitive, or as a protected class; a code.
  bool is_sensitive = false;
  // Of a domain that one could try out whole: SSN, telephone, date, a number.
  bool is_enumerable = false;
};

enum class IndexKind : uint8_t {
  kPlain = 1,
  kSlow = 2,  // Each value costs Argon2id: src/crypto/slow_token.h.
};

// "plain" or "slow".
absl::string_view IndexKindName(IndexKind kind);

// What the entity allows.
struct IndexLimits {
  int most_bits = 32;
  int most_partitions = 16;  // A search asks once for each.
  bool wants_slow = false;   // Slow tokens also where nothing asks for them.
};

// Bounds of the planner, each for fields that are not sensitive and for those
// that are.
struct IndexBudget {
  // Of all entries, those with the most frequent value. Ours: above it that
  // value's entries are seen at a glance, in however many partitions.
  double most_value_share;
  // Of all entries, those under the most frequent token. Ours.
  double most_token_share;
  // By how much more often an intruder who sees the tokens guesses a consumer's
  // value than one who always says the most frequent value. Ours: at 0.02, one
  // guess in fifty is owed to the index.
  double most_guess_advantage;
};
inline constexpr IndexBudget kPlainBudget = {0.25, 0.05, 0.10};
inline constexpr IndexBudget kSensitiveBudget = {0.02, 0.01, 0.02};

// For X distinct values, sqrt(X) <= 2^bits < X/2: fewer bits find too many
// others, more tell values apart. From AWS, "Choosing a beacon length"
// (Database Encryption SDK); below nine values no length does.
inline constexpr int64_t kLeastIndexedValues = 9;

// What the plan rests on, and what would show.
struct IndexFigures {
  int64_t consumers = 0;
  int64_t entries = 0;  // One for each consumer and value.
  int64_t distinct_values = 0;
  double largest_value_share = 0;
  double largest_token_share = 0;
  double false_matches = 0;    // Consumers found with another value, a search.
  double guess_advantage = 0;  // See IndexBudget.
  // -log2 of the chance that two entries drawn at random share a token, before
  // partitions: into how many groups, as bits, the index divides consumers.
  double distinguishable_bits = 0;
};

enum class IndexRefusal : uint8_t {
  kNone,
  kFewValuesByType,
  kNotExact,
  kUnmarked,
  kFreeText,
  kDeniedByName,
  kTooFewValues,
  kOneValueDominates,
  kTellsTooMuch,
};

// "one-value-dominates", for programs.
absl::string_view IndexRefusalSlug(IndexRefusal refusal);

struct IndexVerdict {
  IndexRefusal refusal = IndexRefusal::kNone;
  std::string reason;  // If refused: why, and what would help, in words.
  // Of the plan; if refused, of the sparest that the values allow, or zero.
  int bits = 0;
  int partitions = 0;
  IndexKind kind = IndexKind::kPlain;
  IndexFigures figures;

  bool ok() const { return refusal == IndexRefusal::kNone; }
};

// The plan with the fewest false matches that stays within the budget and
// `limits`, or a refusal.
IndexVerdict PlanIndex(const IndexHistogram& histogram,
                       const IndexFieldFacts& field, const IndexLimits& limits);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEX_PLANNER_H_
