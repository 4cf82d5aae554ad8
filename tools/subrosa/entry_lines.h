// Takes entries of the ledger of choices from a file of JSON lines: what each
// subcommand that does so shares.
#ifndef SUBROSA_TOOLS_SUBROSA_ENTRY_LINES_H_
#define SUBROSA_TOOLS_SUBROSA_ENTRY_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "src/steward/consent_gate.h"

namespace subrosa {

// What a line holds: a subrosa.v1.Choice, or a subrosa.v1.LedgerEntry with
// facts.
enum class EntryKind { kChoice, kFacts };

// The most refusals that are kept; others are counted.
inline constexpr size_t kMaxRefusals = 1000;

struct LineRefusal {
  uint64_t line = 0;  // From 1.
  absl::Status status;
};

struct EntrySummary {
  uint64_t recorded = 0;
  uint64_t refused = 0;
  std::vector<LineRefusal> refusals;  // The first kMaxRefusals.
};

// Records each line of `path` ("-": standard input), a JSON object, at most
// kMaxLedgerEntryBytes. What is refused does not stop the others, and its
// reason holds no value. Batches are durable one by one: after an error those
// before it stand. Constant memory. Errors of BufferedInput and
// ConsentGate::Record.
absl::StatusOr<EntrySummary> RecordLines(const std::string& path,
                                         EntryKind kind, ConsentGate& gate);

std::string EntrySummaryText(const std::string& path,
                             const EntrySummary& summary);
nlohmann::ordered_json EntrySummaryJson(const std::string& path,
                                        const EntrySummary& summary);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ENTRY_LINES_H_
