#include "src/erasure/stored_erasure.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr int32_t kAnswerDays = 30;

constexpr absl::Duration kPauses[] = {absl::Minutes(1),  absl::Minutes(5),
                                      absl::Minutes(30), absl::Hours(2),
                                      absl::Hours(6),    absl::Hours(24)};
constexpr absl::Duration kLongestPause = absl::Hours(24);

absl::Duration PauseAfter(int attempts) {
  const auto i = static_cast<size_t>(std::max(attempts - 1, 0));
  return i < std::size(kPauses) ? kPauses[i] : kLongestPause;
}

int HowMuchItSays(const v1::CertificateParty& party) {
  switch (party.state()) {
    case v1::PARTY_STATE_DONE:
    case v1::PARTY_STATE_REFUSED:
      return 3;
    case v1::PARTY_STATE_ACCEPTED:
      return 2;
    case v1::PARTY_STATE_SILENT:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

PreparedErasure PreparedOf(const v1::StoredErasure& erasure) {
  PreparedErasure prepared;
  prepared.consumer = erasure.consumer();
  std::copy_n(erasure.key_id().begin(),
              std::min(erasure.key_id().size(), prepared.key_id.size()),
              prepared.key_id.begin());
  prepared.consumer_ref = erasure.consumer_ref();
  prepared.leaf = erasure.erased_leaf();
  std::copy_n(
      erasure.erased_opening().begin(),
      std::min(erasure.erased_opening().size(), prepared.opening.size()),
      prepared.opening.begin());
  prepared.suppression =
      erasure.suppressed() ? Suppression::kKept : Suppression::kNone;
  return prepared;
}

void SetPrepared(const PreparedErasure& prepared, v1::StoredErasure* erasure) {
  erasure->set_consumer(prepared.consumer);
  erasure->set_key_id(
      std::string(prepared.key_id.begin(), prepared.key_id.end()));
  erasure->set_consumer_ref(prepared.consumer_ref);
  erasure->set_erased_leaf(prepared.leaf);
  erasure->set_erased_opening(
      std::string(prepared.opening.begin(), prepared.opening.end()));
}

absl::Status SetErasedDay(uint32_t day, v1::StoredErasure* erasure) {
  SUBROSA_ASSIGN_OR_RETURN(Leaf leaf, ParseLeaf(erasure->erased_leaf()));
  leaf.day = day;
  SUBROSA_ASSIGN_OR_RETURN(*erasure->mutable_erased_leaf(),
                           SerializeLeaf(leaf));
  return absl::OkStatus();
}

int32_t AnswerDueDay(v1::PartyKind kind, const v1::Connector* connector,
                     const ErasureTerms& terms, absl::Time now) {
  if (connector != nullptr && connector->answer_days() > 0) {
    return DayOf(now) + connector->answer_days();
  }
  if (kind == v1::PARTY_KIND_RECIPIENT && terms.recipients.day != 0) {
    return terms.recipients.day;
  }
  if (kind == v1::PARTY_KIND_STORE && terms.live.day != 0) {
    return terms.live.day;
  }
  return DayOf(now) + kAnswerDays;
}

void BeginParty(v1::PartyKind kind, const std::string& id,
                const v1::Connector* connector, const ErasureTerms& terms,
                absl::Time now, v1::ErasureParty* party) {
  v1::CertificateParty& said = *party->mutable_party();
  said.set_kind(kind);
  said.set_id(id);
  said.set_state(v1::PARTY_STATE_UNTOLD);
  said.set_due_day(AnswerDueDay(kind, connector, terms, now));
  if (connector != nullptr) party->set_next_attempt(absl::ToUnixSeconds(now));
}

bool IsOpen(const v1::CertificateParty& party) {
  return party.state() != v1::PARTY_STATE_DONE &&
         party.state() != v1::PARTY_STATE_REFUSED;
}

bool HasOpenParty(const v1::StoredErasure& erasure) {
  return std::any_of(
      erasure.party().begin(), erasure.party().end(),
      [](const v1::ErasureParty& party) { return IsOpen(party.party()); });
}

bool IsReady(const v1::StoredErasure& erasure, int32_t today) {
  return (!erasure.wants_second_officer() || !erasure.confirmed_by().empty()) &&
         erasure.hold_rule().empty() && erasure.not_before_day() <= today;
}

bool IsSameParty(const v1::ErasureParty& one, const v1::ErasureParty& other) {
  return one.party().kind() == other.party().kind() &&
         one.party().id() == other.party().id() &&
         one.notice().disclosures() == other.notice().disclosures();
}

void MergeAnswers(const v1::StoredErasure& told, v1::StoredErasure* kept) {
  for (v1::ErasureParty& party : *kept->mutable_party()) {
    for (const v1::ErasureParty& other : told.party()) {
      if (!IsSameParty(party, other)) continue;
      const int says = HowMuchItSays(party.party());
      const int other_says = HowMuchItSays(other.party());
      if (other_says > says || (other_says == says && IsOpen(party.party()))) {
        party = other;
      }
      break;
    }
  }
}

bool IsTimeToTell(const v1::ErasureParty& party, absl::Time now) {
  if (!IsOpen(party.party()) || party.next_attempt() == 0) return false;
  return party.next_attempt() <= absl::ToUnixSeconds(now) ||
         party.next_attempt() > absl::ToUnixSeconds(now + kLongestPause);
}

void TakeReply(const PartyReply& reply, absl::Time now,
               v1::ErasureParty* party) {
  v1::CertificateParty& said = *party->mutable_party();
  const int32_t today = DayOf(now);
  party->set_attempts(party->attempts() + 1);
  if (party->next_attempt() != 0) {
    party->set_next_attempt(
        absl::ToUnixSeconds(now + (reply.answer == PartyAnswer::kAccepted
                                       ? kLongestPause
                                       : PauseAfter(party->attempts()))));
  }
  const bool is_reached =
      reply.is_reached || reply.answer != PartyAnswer::kSilent;
  if (!is_reached) return;
  if (said.told_day() == 0) said.set_told_day(today);
  switch (reply.answer) {
    case PartyAnswer::kSilent:
      if (said.state() == v1::PARTY_STATE_UNTOLD) {
        said.set_state(v1::PARTY_STATE_SILENT);
      }
      return;
    case PartyAnswer::kAccepted:
      if (said.state() != v1::PARTY_STATE_ACCEPTED) {
        said.set_state(v1::PARTY_STATE_ACCEPTED);
        said.set_answered_day(today);
      }
      return;
    case PartyAnswer::kDone:
      said.set_state(v1::PARTY_STATE_DONE);
      break;
    case PartyAnswer::kRefused:
      said.set_state(v1::PARTY_STATE_REFUSED);
      break;
  }
  said.set_answered_day(today);
  said.set_due_day(0);
  party->set_next_attempt(0);
}

}  // namespace subrosa
