// For tests: a policy by the packs of three states, requests and their steps.
#ifndef SUBROSA_SRC_REQUEST_SAMPLE_REQUEST_H_
#define SUBROSA_SRC_REQUEST_SAMPLE_REQUEST_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/law/law_book.h"
#include "src/request/request_law.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// The packs that ship, for as long as the program runs.
const LawBook& SampleLawBook();

// "rosewater", by the packs of Washington, Nevada, California, Colorado,
// Connecticut and Virginia; who is not known lives in Washington.
v1::Policy SampleRequestPolicy();
const RequestLaw& SampleRequestLaw();

// "2026-12-01 09:30" in Los Angeles.
absl::Time InLosAngeles(absl::string_view minute);

// A request of a consumer themselves, by form, at `received_at`, with its first
// step.
v1::Request SampleRequest(v1::RequestKind kind, const std::string& residence,
                          absl::Time received_at);

// A step with what its kind asks for; `by` the officer, but where only the
// requester may.
v1::RequestEvent StepAt(absl::Time at, v1::RequestEventKind kind);
v1::RequestEvent PartStepAt(absl::Time at, v1::RequestEventKind kind,
                            const std::string& part);
v1::RequestEvent DenialAt(absl::Time at, v1::DenialReason reason);

// `request` with one more step.
v1::Request With(v1::Request request, const v1::RequestEvent& event);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_SAMPLE_REQUEST_H_
