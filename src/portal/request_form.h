// The form by which a consumer asks, and the request that it becomes. Nobody
// needs an account for it: who asks is found out afterwards.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_PORTAL_REQUEST_FORM_H_
#define SUBROSA_SRC_PORTAL_REQUEST_FORM_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/portal/form_body.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// The request of `fields`, received at `now`: `ask` (a kind's slug), `who`
// ("self", "agent", "guardian"), `contact`, `residence` (ISO 3166-2; empty:
// elsewhere), `permission`; and of know and access the first and last day of
// collection that are asked about, `from` and `to` (YYYY-MM-DD; empty: all).
//
// INVALID_ARGUMENT, in words for who filled it in and without a value, for what
// is missing or too long, and for a field that the form has not.
absl::StatusOr<v1::Request> RequestOfForm(const FormFields& fields,
                                          absl::Time now);

// The form as HTML, in one `<form>` that posts to `action`, filled in with what
// `filled` has of its fields: nobody is to write it all again for one fault.
std::string RequestFormHtml(absl::string_view action,
                            const FormFields& filled = {});

}  // namespace subrosa

#endif  // SUBROSA_SRC_PORTAL_REQUEST_FORM_H_
