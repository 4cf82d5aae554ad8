// What the numbers in leaves are called, and what they come to.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_LEAF_NUMBERS_H_
#define SUBROSA_SRC_AUDIT_LEAF_NUMBERS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/leaf.h"

namespace subrosa {

// A set or an aggregate was given (docs/formats/audit.md, kind 21): its form
// and how many consumers are in it; its SHA-256 is the text.
inline constexpr LeafKind kSetGivenLeaf = static_cast<LeafKind>(21);
enum class GivenSet : uint64_t { kDeidentified = 1, kAggregate = 2 };

// Aggregates are answered again although a record store that was put back does
// not know all answers (kind 22): how many it lacks; the text says why.
inline constexpr LeafKind kLostAnswersSettledLeaf = static_cast<LeafKind>(22);

// The names of a leaf's numbers, in their order: "added", "revised".
absl::Span<const absl::string_view> LeafNumberNames(LeafKind kind);

// By how many rows the record store grew with what the leaf tells of. The sum
// over all leaves is what it holds, old revisions included.
int64_t RowChangeOf(const Leaf& leaf);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LEAF_NUMBERS_H_
