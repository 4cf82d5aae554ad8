// What became of an ingested file, in words and as JSON.
#ifndef SUBROSA_TOOLS_SUBROSA_INGEST_SUMMARY_H_
#define SUBROSA_TOOLS_SUBROSA_INGEST_SUMMARY_H_

#include <string>

#include "nlohmann/json.hpp"
#include "src/steward/feed.h"

namespace subrosa {

// The counts of `summary`, with the types that were kept whole or are about
// nobody and the reasons of rejects. It holds no value of a record.
nlohmann::ordered_json IngestSummaryJson(const FeedSummary& summary);

// "40 added, 0 revised, 0 unchanged, 2 rejected", and what else there was. The
// reasons are told apart from it.
std::string IngestSummaryText(const FeedSummary& summary);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_INGEST_SUMMARY_H_
