#include "src/erasure/request_parts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/request/request_erasing.h"
#include "src/request/request_machine.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

v1::RequestEvent PartStep(v1::RequestEventKind kind, const std::string& part) {
  v1::RequestEvent step;
  step.set_kind(kind);
  step.set_by(v1::REQUEST_ACTOR_SERVICE);
  step.set_part(part);
  return step;
}

// What a part said once, by the party that it is. Unspecified: nothing yet.
v1::RequestEventKind AnswerOf(v1::PartyState state) {
  switch (state) {
    case v1::PARTY_STATE_DONE:
      return v1::REQUEST_EVENT_KIND_PART_DONE;
    case v1::PARTY_STATE_ACCEPTED:
      return v1::REQUEST_EVENT_KIND_PART_ACKNOWLEDGED;
    case v1::PARTY_STATE_REFUSED:
      return v1::REQUEST_EVENT_KIND_PART_REFUSED;
    default:
      return v1::REQUEST_EVENT_KIND_UNSPECIFIED;
  }
}

bool HasRefusedBefore(const v1::Request& request, const std::string& part) {
  return std::any_of(request.event().begin(), request.event().end(),
                     [&](const v1::RequestEvent& event) {
                       return event.kind() ==
                                  v1::REQUEST_EVENT_KIND_PART_REFUSED &&
                              event.part() == part;
                     });
}

// Adds what is missing of one part. One that was not reached is a part all the
// same: nothing is complete without it.
void AddSteps(const RequestView& view, const std::string& part,
              v1::RequestPartKind kind, bool is_reached,
              v1::RequestEventKind answer,
              std::vector<v1::RequestEvent>* steps) {
  const auto found = view.machine.parts().find(part);
  const bool is_new = found == view.machine.parts().end();
  v1::RequestPartStatus status =
      is_new ? v1::REQUEST_PART_STATUS_SENT : found->second.status;
  // An answer says by itself that it was reached.
  const bool is_reached_now =
      !is_new && is_reached && answer == v1::REQUEST_EVENT_KIND_UNSPECIFIED &&
      found->second.IsSilent() && !found->second.is_told();
  if (is_new || is_reached_now) {
    v1::RequestEvent& sent =
        steps->emplace_back(PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, part));
    sent.set_part_kind(kind);
    sent.set_not_reached(!is_reached);
  }
  const bool is_silent = status == v1::REQUEST_PART_STATUS_SENT ||
                         status == v1::REQUEST_PART_STATUS_ACKNOWLEDGED ||
                         status == v1::REQUEST_PART_STATUS_OVERDUE;
  switch (answer) {
    case v1::REQUEST_EVENT_KIND_PART_ACKNOWLEDGED:
      // A late one makes nothing that is overdue less so.
      if (status != v1::REQUEST_PART_STATUS_SENT) return;
      break;
    case v1::REQUEST_EVENT_KIND_PART_DONE:
      if (!is_silent) return;
      break;
    case v1::REQUEST_EVENT_KIND_PART_REFUSED:
      if (!is_silent || HasRefusedBefore(view.request(), part)) return;
      break;
    default:
      return;
  }
  steps->push_back(PartStep(answer, part));
}

}  // namespace

std::string PartOf(const v1::ErasureParty& party,
                   const v1::StoredErasure& erasure) {
  const v1::CertificateParty& said = party.party();
  const bool is_store = said.kind() == v1::PARTY_KIND_STORE;
  const bool is_taken =
      said.id() == kRecordsPart ||
      (!is_store && std::any_of(erasure.party().begin(), erasure.party().end(),
                                [&](const v1::ErasureParty& other) {
                                  return other.party().kind() ==
                                             v1::PARTY_KIND_STORE &&
                                         other.party().id() == said.id();
                                }));
  if (!is_taken) return said.id();
  return absl::StrCat(is_store ? "store-" : "recipient-", said.id());
}

std::vector<v1::RequestEvent> MissingPartSteps(
    const RequestView& view, const v1::StoredErasure& erasure) {
  std::vector<v1::RequestEvent> steps;
  AddSteps(view, kRecordsPart, v1::REQUEST_PART_KIND_STORE,
           /*is_reached=*/true,
           erasure.keys_destroyed() ? v1::REQUEST_EVENT_KIND_PART_DONE
                                    : v1::REQUEST_EVENT_KIND_UNSPECIFIED,
           &steps);
  for (const v1::ErasureParty& party : erasure.party()) {
    AddSteps(view, PartOf(party, erasure),
             party.party().kind() == v1::PARTY_KIND_STORE
                 ? v1::REQUEST_PART_KIND_STORE
                 : v1::REQUEST_PART_KIND_RECIPIENT,
             party.party().state() != v1::PARTY_STATE_UNTOLD,
             AnswerOf(party.party().state()), &steps);
  }
  return steps;
}

}  // namespace subrosa
