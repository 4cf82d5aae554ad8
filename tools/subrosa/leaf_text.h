// Leaves as commands print them.
#ifndef SUBROSA_TOOLS_SUBROSA_LEAF_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_LEAF_TEXT_H_

#include <cstdint>
#include <string>

#include "nlohmann/json.hpp"
#include "src/audit/leaf.h"

namespace subrosa {

// "records-put": as programs read it.
std::string LeafKindSlug(LeafKind kind);
// "done in part".
std::string LeafOutcomeText(LeafOutcome outcome);
// "2026-07-01".
std::string LeafDate(const Leaf& leaf);

// docs/formats/json.md, "audit export".
nlohmann::ordered_json LeafJson(uint64_t index, const Leaf& leaf);

// One line for people, without a newline at its end.
std::string LeafLine(uint64_t index, const Leaf& leaf);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_LEAF_TEXT_H_
