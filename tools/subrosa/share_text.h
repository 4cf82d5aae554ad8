// How `subrosa share` prints what a recipient was, or would be, given.
#ifndef SUBROSA_TOOLS_SUBROSA_SHARE_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_SHARE_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "src/disclosure/disclosure_ledger.h"
#include "tools/subrosa/command.h"

namespace subrosa {

// The slugs of categories that stand as bits.
std::vector<std::string> CategorySlugsOf(uint32_t categories);

// "2 disclosures of 7 records, 2026-06-01 to 2026-06-02, for coaching: …".
std::string ReceivedText(const ReceivedByOne& received);
nlohmann::ordered_json ReceivedJson(const ReceivedByOne& received);

// As Fail; what is not permitted (PERMISSION_DENIED) or not there (NOT_FOUND)
// is an answer, and returns kNo.
ExitCode FailOrDenied(const absl::Status& status, const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SHARE_TEXT_H_
