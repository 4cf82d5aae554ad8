#include "src/erasure/party_teller.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/stored_erasure.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

void PartyTeller::AddParties(std::vector<v1::DueNotice> notices,
                             const ErasureTerms& terms,
                             v1::StoredErasure* erasure) const {
  const absl::Time now = clock_.Now();
  for (v1::DueNotice& notice : notices) {
    v1::ErasureParty& party = *erasure->add_party();
    BeginParty(v1::PARTY_KIND_RECIPIENT, notice.recipient(),
               FindConnector(connectors_, v1::PARTY_KIND_RECIPIENT,
                             notice.recipient()),
               terms, now, &party);
    *party.mutable_notice() = std::move(notice);
  }
  for (const v1::Connector& connector : connectors_.connector()) {
    if (connector.kind() != v1::PARTY_KIND_STORE) continue;
    BeginParty(v1::PARTY_KIND_STORE, connector.id(), &connector, terms, now,
               erasure->add_party());
  }
}

PartyReply PartyTeller::Tell(const v1::ErasureParty& party,
                             const v1::StoredErasure& erasure) {
  const v1::Connector* const found =
      FindConnector(connectors_, party.party().kind(), party.party().id());
  if (found == nullptr) {
    return {PartyAnswer::kSilent,
            absl::NotFoundError("connector: want one of this party, got none")};
  }
  std::unique_ptr<Connector>& connector = open_connectors_[found->id()];
  if (connector == nullptr) {
    absl::StatusOr<std::unique_ptr<Connector>> opened =
        OpenConnector(*found, folder_, clock_);
    if (!opened.ok()) return {PartyAnswer::kSilent, opened.status()};
    connector = *std::move(opened);
  }
  EraseMessage message;
  message.entity = entity_;
  message.erasure = absl::BytesToHexString(erasure.certificate().id());
  if (party.party().kind() == v1::PARTY_KIND_STORE) {
    message.consumer = erasure.consumer();
  } else {
    message.pseudonyms.assign(party.notice().pseudonym().begin(),
                              party.notice().pseudonym().end());
  }
  return connector->Tell(message);
}

void PartyTeller::BeginRun() {
  has_turn_.reset();
  turn_ = UniqueFd();
  silent_.clear();
}

absl::StatusOr<bool> PartyTeller::TakeTurn() {
  if (has_turn_.has_value()) return *has_turn_;
  const std::string path = absl::StrCat(folder_, "/", kTellingLockName);
  UniqueFd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                     S_IRUSR | S_IWUSR));
  if (lock.get() < 0) return ErrnoStatus(errno, path);
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return ErrnoStatus(errno, path);
    has_turn_ = false;
    return false;
  }
  turn_ = std::move(lock);
  has_turn_ = true;
  return true;
}

int PartyTeller::TellParties(v1::StoredErasure* erasure,
                             absl::Status* why_silent) {
  const absl::Time now = clock_.Now();
  int told = 0;
  for (v1::ErasureParty& party : *erasure->mutable_party()) {
    if (!IsTimeToTell(party, now)) continue;
    const std::pair<v1::PartyKind, std::string> who(party.party().kind(),
                                                    party.party().id());
    if (silent_.count(who) > 0) continue;
    const absl::StatusOr<bool> has_turn = TakeTurn();
    if (!has_turn.ok()) *why_silent = has_turn.status();
    if (!has_turn.ok() || !*has_turn) return told;
    ++told;
    const PartyReply reply = Tell(party, *erasure);
    TakeReply(reply, now, &party);
    if (!reply.why.ok()) {
      *why_silent = Annotate(reply.why, party.party().id());
    }
    if (reply.answer == PartyAnswer::kSilent && !reply.is_reached) {
      silent_.insert(who);
    }
  }
  return told;
}

}  // namespace subrosa
