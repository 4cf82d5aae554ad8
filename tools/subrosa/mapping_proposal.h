// Proposes a mapping for a table from what its columns were found to be. It is
// a first draft that `ingest --mapping` reads; what it is not sure of it says
// in comments.
#ifndef SUBROSA_TOOLS_SUBROSA_MAPPING_PROPOSAL_H_
#define SUBROSA_TOOLS_SUBROSA_MAPPING_PROPOSAL_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/column_sample.h"
#include "src/classify/table_classifier.h"
#include "src/ingest/message_types.h"

namespace subrosa {

struct ProposalColumn {
  const ColumnReport* report;
  const ColumnSample* sample;
};

struct MappingProposal {
  std::string text;     // The textproto.
  std::string message;  // Full name of the message.
  size_t unsure = 0;    // How many columns have a comment that asks.
};

// `table_name` becomes the mapping's name. `message` is the full name of the
// message that rows become; empty: the shipped payload that fits best. `zone`
// is an IANA name for times without an offset; empty: UTC, and said so.
//
// FAILED_PRECONDITION if no column could be the consumer, or no shipped payload
// fits and `message` is empty; INVALID_ARGUMENT if it is unknown. The text
// holds names of columns and never a value of theirs, but for words for "no
// value".
absl::StatusOr<MappingProposal> ProposeMapping(
    absl::string_view table_name, const std::vector<ProposalColumn>& columns,
    char separator, absl::string_view message, absl::string_view zone,
    const MessageTypes& types);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_MAPPING_PROPOSAL_H_
