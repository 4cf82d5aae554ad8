// The RequestDesk is where requests are received and their steps taken: it
// joins the machine, the law and the ledger, so that no step is recorded that
// the statutes which apply do not allow, and every request rests where its
// strictest clock puts it. What the home knows besides counts too: where a
// consumer lives by what is on record of them, whether they are held, what an
// erasure has still to do.
//
// Thread-compatible. Errors are those of RequestLedger, besides what is said
// below.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       const auto desk,
//       RequestDesk::Open(std::move(home.vault), law, policy.proto(), clock,
//                         ReadOwedParts));
//   SUBROSA_ASSIGN_OR_RETURN(const RequestView view, desk->Receive(request));
//   // view.clocks.front() is what is due first.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_DESK_H_
#define SUBROSA_SRC_REQUEST_REQUEST_DESK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/consent/consent_ledger.h"
#include "src/law/law_book.h"
#include "src/request/request_clocks.h"
#include "src/request/request_counting.h"
#include "src/request/request_erasing.h"
#include "src/request/request_law.h"
#include "src/request/request_ledger.h"
#include "src/request/request_machine.h"
#include "src/request/request_tally.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// A request, where it stands, and what is due.
struct RequestView {
  KeptRequest kept;
  RequestMachine machine;
  std::vector<RequestClock> clocks;
  // What the packs that apply have no rules for: there may be more clocks.
  std::vector<LeftOutOf> left_out = {};

  const v1::Request& request() const { return kept.request(); }
};

class RequestDesk {
 public:
  // `vault` is for this alone; the others must outlive it, and `book` stay
  // where it is. `read_owed` is asked before a step of a request that an
  // erasure does; null, of a desk that only reads, has such steps refused.
  // Errors as RequestLaw::Create.
  static absl::StatusOr<std::unique_ptr<RequestDesk>> Open(
      std::unique_ptr<Vault> vault, const LawBook& book,
      const v1::Policy& policy, const Clock& clock, OwedPartsReader read_owed);

  const RequestLaw& law() const { return law_; }

  // Takes `request` in, as it came: without steps, with what is on record of
  // its consumer, if that is known (AddFacts); and lets go of requests that
  // are closed and need not be kept any more, unless the clock leapt ahead
  // (src/vault/deletion_clock.h). INVALID_ARGUMENT as CheckNewRequest
  // (request_check.h), and for a country whose parts have their own statutes.
  absl::StatusOr<RequestView> Receive(v1::Request request);

  // Takes the step `event` of the request `request_ref`. `at` may be empty:
  // now, or when the last step was taken if a clock that was ahead said more.
  // To complete what is done by a choice (request_choice.h) records that
  // choice, durably, before the completion, as its part kChoicesPart.
  //
  // Besides the machine's errors: FAILED_PRECONDITION for an authentication
  // that is not enough, an extension outside of every first period, a denial
  // for a reason that the statutes do not leave (request_counting.h), each with
  // its rules; for what is said by hand of an erasure (request_erasing.h), or
  // of kChoicesPart; for a choice of nobody who is known; and for a correction
  // that does not say by what it was made.
  absl::StatusOr<RequestView> Take(absl::string_view request_ref,
                                   v1::RequestEvent event);
  // Steps of parts that an erasure has taken, all or none: what it says of them
  // is so. For the room of erasures alone.
  absl::StatusOr<RequestView> TakeOfErasure(
      absl::string_view request_ref,
      const std::vector<v1::RequestEvent>& events);
  // Whether Take would take it: its errors, or the request as it is.
  absl::StatusOr<RequestView> CheckStep(absl::string_view request_ref,
                                        v1::RequestEvent event);

  // AUTHENTICATED, and says whose data it is about, where that was not known:
  // what is on record of them is added then (AddFacts), and the clocks of
  // statutes that it brings run from when they should have. INVALID_ARGUMENT if
  // it was known, and is somebody else.
  absl::StatusOr<RequestView> Authenticate(absl::string_view request_ref,
                                           absl::string_view consumer,
                                           v1::RequestEvent event);
  // The same for who is not authenticated, or not yet: IDENTIFIED.
  // ALREADY_EXISTS if it was known.
  absl::StatusOr<RequestView> Identify(absl::string_view request_ref,
                                       absl::string_view consumer,
                                       v1::RequestEvent event);

  // Marks as overdue the parts of a request whose time is over: see
  // FindLateParts. Returns it as it is then.
  absl::StatusOr<RequestView> MarkLateParts(absl::string_view request_ref);

  // Moves open requests whose year is over into a later one, so that the keys
  // of years that are over can go (src/vault/evidence_store.h). Returns how
  // many; one that does not open stays.
  absl::StatusOr<int64_t> KeepOpen();

  // See RequestLedger. `visit` must not call this desk.
  absl::StatusOr<RequestView> Read(absl::string_view request_ref);
  using ViewVisitor = absl::FunctionRef<absl::Status(const RequestView& view)>;
  absl::Status VisitDue(int64_t limit, ViewVisitor visit);
  absl::Status VisitAll(ViewVisitor visit);
  absl::Status VisitOf(absl::string_view consumer, ViewVisitor visit);
  // How many there are of each traits. See RequestLedger.
  absl::Status VisitCounts(RequestLedger::TraitsVisitor visit) {
    return ledger_.VisitCounts(visit);
  }
  // Those received in the years from `from` to `to`, both of them in, with how
  // many of the open ones are late now: these alone are opened.
  absl::StatusOr<RequestTally> Tally(int64_t from, int64_t to);
  absl::StatusOr<int64_t> CountOpen() { return ledger_.CountOpen(); }

  // The consumer's other requests, which statutes count.
  absl::StatusOr<std::vector<EarlierRequest>> EarlierThan(
      const RequestView& view);

 private:
  // Who says that a step was taken.
  enum class Teller { kByHand, kProgram };

  RequestDesk(std::unique_ptr<Vault> vault, RequestLaw law, const Clock& clock,
              OwedPartsReader read_owed)
      : vault_(std::move(vault)),
        law_(std::move(law)),
        clock_(clock),
        read_owed_(std::move(read_owed)),
        ledger_(*vault_, clock) {}

  absl::StatusOr<RequestView> ViewOf(const KeptRequest& kept) const;
  // Where `request`, whose steps `machine` has taken, rests.
  absl::StatusOr<RequestPlace> PlaceOf(const v1::Request& request,
                                       const RequestMachine& machine) const;
  // Those on record of `consumer`; of nobody, none.
  absl::StatusOr<v1::ConsumerFacts> ReadFacts(const std::string& consumer);
  absl::StatusOr<ConsentLedger*> OpenChoices();
  // `request`, with `consumer` as the one whom it is about, unless that is
  // empty.
  absl::StatusOr<v1::Request> About(absl::string_view consumer,
                                    v1::Request request);
  absl::Status CheckAuthenticated(const v1::Request& request,
                                  const v1::RequestEvent& event);
  absl::Status CheckPart(const v1::Request& request,
                         const v1::RequestEvent& event);
  absl::Status CheckCompletion(const RequestView& view,
                               const v1::RequestEvent& event);
  absl::Status CheckByLaw(const RequestView& view,
                          const v1::RequestEvent& event);
  // The step `event`, with those that the desk takes along with it.
  std::vector<v1::RequestEvent> StepsOf(const RequestView& view,
                                        v1::RequestEvent event) const;
  // Adds `events` to `request`, and has `view`'s machine take them.
  absl::Status Apply(const std::vector<v1::RequestEvent>& events, Teller teller,
                     v1::Request* request, RequestView* view);
  // Takes `events` of the request that is kept as `kept`, and is now `request`.
  absl::StatusOr<RequestView> TakeAll(
      const KeptRequest& kept, v1::Request request,
      const std::vector<v1::RequestEvent>& events, Teller teller);

  const std::unique_ptr<Vault> vault_;
  const RequestLaw law_;
  const Clock& clock_;
  const OwedPartsReader read_owed_;
  RequestLedger ledger_;
  std::unique_ptr<ConsentLedger> choices_;  // Null before its first use.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_DESK_H_
