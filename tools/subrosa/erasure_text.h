// How erasures that are on their way are shown.
#ifndef SUBROSA_TOOLS_SUBROSA_ERASURE_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_ERASURE_TEXT_H_

#include <string>

#include "nlohmann/json.hpp"
#include "src/erasure/erasure_progress.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

std::string ErasureText(const v1::StoredErasure& erasure);
// What one waits for that is not carried out; empty: nothing.
std::string WaitText(const v1::StoredErasure& erasure);
nlohmann::ordered_json ErasureJson(const v1::StoredErasure& erasure);

// A line of `erasure list`. Of one whose account id is dropped, its
// certificate's id stands for it.
std::string ErasureLineText(const v1::StoredErasure& erasure);
nlohmann::ordered_json ErasureLineJson(const v1::StoredErasure& erasure);

// Of a final certificate that is handed out: `id` in hexadecimal digits, its
// file, and how the consumer is reached.
std::string HandedOutLine(const std::string& id, const std::string& path,
                          const std::string& contact, bool json);

std::string ProgressText(const ErasureProgress& progress);
std::string ProgressJson(const ErasureProgress& progress);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ERASURE_TEXT_H_
