// A request as an officer reads it: text, JSON, a line of CSV.
#ifndef SUBROSA_TOOLS_SUBROSA_REQUEST_VIEW_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_REQUEST_VIEW_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/request/request_desk.h"

namespace subrosa {

// The whole request, with the account id and the requester's contact: for who
// answers it.
std::string RequestText(const RequestView& view, absl::Time now);
nlohmann::ordered_json RequestJson(const RequestView& view, absl::Time now);

// One line of a list: nothing that names anybody.
std::string RequestLine(const RequestView& view, absl::Time now);
nlohmann::ordered_json RequestLineJson(const RequestView& view, absl::Time now);
// The columns, and one line of them. Values hold no comma and no quote.
inline constexpr absl::string_view kRequestCsvHead =
    "reference,kind,status,residence,received_on,due_on,rule,days_left,"
    "silent_parts\n";
std::string RequestCsv(const RequestView& view, absl::Time now);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_REQUEST_VIEW_TEXT_H_
