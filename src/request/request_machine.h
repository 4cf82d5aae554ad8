// A RequestMachine says what may happen next to a request, and who may do it.
// It is made of the request's steps alone, in order; it knows no statute, no
// clock and no store. The table that it keeps to is in docs/requests.md, and
// tests/conformance walks both and compares them.
//
// What it never lets happen: that a request is completed, denied, taken back or
// closed while a part of it, a store or a recipient, is silent.
//
// Thread-compatible; copied freely.
//
// Example:
//   RequestMachine machine(v1::REQUEST_KIND_DELETE, Authenticating::kNeeded);
//   SUBROSA_RETURN_IF_ERROR(machine.Apply(received));
//   SUBROSA_RETURN_IF_ERROR(machine.Apply(acknowledged));
#ifndef SUBROSA_SRC_REQUEST_REQUEST_MACHINE_H_
#define SUBROSA_SRC_REQUEST_REQUEST_MACHINE_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/request/request_steps.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// The most parts and steps of one request.
inline constexpr size_t kMaxRequestParts = 1000;
inline constexpr int kMaxRequestEvents = 8000;

// Whether the requester is to be authenticated: for opt-outs in California
// nobody may ask for it (11 CCR 7060(b)).
enum class Authenticating { kNeeded, kNotNeeded };

// A store or recipient that was asked to act, and what it said.
struct RequestPart {
  v1::RequestPartKind kind = v1::REQUEST_PART_KIND_UNSPECIFIED;
  v1::RequestPartStatus status = v1::REQUEST_PART_STATUS_UNSPECIFIED;
  absl::Time sent_at;  // The last time.
  // When it was reached first; absl::Time() as long as it was not.
  absl::Time told_at;
  absl::Time changed_at;  // When it came to this status.

  bool IsSilent() const;
  bool is_told() const { return told_at != absl::Time(); }
};

class RequestMachine {
 public:
  // Before the first step.
  RequestMachine(v1::RequestKind kind, Authenticating authenticating)
      : kind_(kind), authenticating_(authenticating) {}

  // OK if `event` may be the next step; else as Apply.
  absl::Status Check(const v1::RequestEvent& event) const;

  // Takes the step. On error nothing changed.
  //
  // INVALID_ARGUMENT, "request.event.…: want …, got …", for a step that lacks
  // what its kind needs, or was not for this actor to take.
  // FAILED_PRECONDITION, "request.status: want …, got …" or "request.part: want
  // …", for one that may not follow: the message says what has to come first.
  // ALREADY_EXISTS for what was said already (an acknowledgement, an extension,
  // a part's answer), so that a repeated answer can be told from a wrong one.
  // RESOURCE_EXHAUSTED beyond kMaxRequestParts or kMaxRequestEvents.
  absl::Status Apply(const v1::RequestEvent& event);

  v1::RequestKind kind() const { return kind_; }
  // Unspecified before the first step.
  v1::RequestStatus status() const { return status_; }
  // Whether an answer is due still.
  bool IsOpen() const;
  bool is_acknowledged() const { return acknowledged_at_ != absl::Time(); }
  bool is_authenticated() const { return authenticated_at_ != absl::Time(); }
  bool is_extended() const { return extended_at_ != absl::Time(); }
  // Whether an appeal was granted: what is granted is not denied again.
  bool is_granted() const { return is_granted_; }
  // Whether an appeal of the refusal was denied: there is no second.
  bool is_refusal_final() const { return is_refusal_final_; }
  // How it was answered before the appeal: denied, or completed, if only in
  // part.
  v1::RequestStatus refused_as() const { return refused_as_; }
  int appeals() const { return appeals_; }

  // By its slug.
  const std::map<std::string, RequestPart, std::less<>>& parts() const {
    return parts_;
  }
  int CountSilent() const;

  // Instants of steps; absl::Time() where there was none.
  absl::Time received_at() const { return received_at_; }
  absl::Time acknowledged_at() const { return acknowledged_at_; }
  absl::Time authenticated_at() const { return authenticated_at_; }
  absl::Time extended_at() const { return extended_at_; }
  // Completed, denied or taken back: the last time, and not since a granted
  // appeal has made that answer void.
  absl::Time answered_at() const { return answered_at_; }
  absl::Time appealed_at() const { return appealed_at_; }
  absl::Time appeal_decided_at() const { return appeal_decided_at_; }
  absl::Time last_at() const { return last_at_; }

 private:
  friend absl::StatusOr<RequestMachine> MachineOf(const v1::Request& request);

  absl::Status CheckAs(const v1::RequestEvent& event, StepForm form) const;
  void Take(const v1::RequestEvent& event);
  absl::Status CheckStatus(const v1::RequestEvent& event) const;
  absl::Status CheckOnce(const v1::RequestEvent& event) const;
  absl::Status CheckParts(const v1::RequestEvent& event) const;
  absl::Status CheckPartStep(const v1::RequestEvent& event) const;
  bool HasRefusal() const;
  int CountDone() const;
  void ApplyToPart(const v1::RequestEvent& event, absl::Time at);

  v1::RequestKind kind_;
  Authenticating authenticating_;
  v1::RequestStatus status_ = v1::REQUEST_STATUS_UNSPECIFIED;
  v1::RequestStatus refused_as_ = v1::REQUEST_STATUS_UNSPECIFIED;
  bool is_granted_ = false;
  bool is_refusal_final_ = false;
  int appeals_ = 0;
  int events_ = 0;
  std::map<std::string, RequestPart, std::less<>> parts_;
  absl::Time received_at_;
  absl::Time acknowledged_at_;
  absl::Time authenticated_at_;
  absl::Time extended_at_;
  absl::Time answered_at_;
  absl::Time appealed_at_;
  absl::Time appeal_decided_at_;
  absl::Time last_at_;
};

// The machine that has taken the steps of `request`. DATA_LOSS if they are not
// such as it takes: they were checked before they were recorded.
absl::StatusOr<RequestMachine> MachineOf(const v1::Request& request);

// Whether a request of `kind` is done by stores and recipients, so that it
// wants at least one that did it; the others are done by an answer.
bool IsDoneByParts(v1::RequestKind kind);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_MACHINE_H_
