// A PartyTeller knows whom an erasure has to be told to, and tells them: the
// stores of the entity's file of connectors, and recipients of data, each by
// its connector. Who has none is told by an officer.
//
// One run of all processes tells at a time, by a lock on a file of the home
// (kTellingLockName): nobody is told twice at once, and a receiver that hangs
// does not hold up one run after another.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_PARTY_TELLER_H_
#define SUBROSA_SRC_ERASURE_PARTY_TELLER_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/erasure/connector.h"
#include "src/erasure/erasure_terms.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

inline constexpr char kTellingLockName[] = "telling.lock";

class PartyTeller {
 public:
  // `connectors` are those of the home `folder` of `entity`, a slug. `clock`
  // must outlive it.
  PartyTeller(v1::ConnectorFile connectors, std::string folder,
              std::string entity, const Clock& clock)
      : connectors_(std::move(connectors)),
        folder_(std::move(folder)),
        entity_(std::move(entity)),
        clock_(clock) {}

  // Adds to `erasure` who is to be told: a recipient for each of `notices`, and
  // every store.
  void AddParties(std::vector<v1::DueNotice> notices, const ErasureTerms& terms,
                  v1::StoredErasure* erasure) const;

  // Begins a run, or ends it. In a run whoever could not be reached is left
  // alone until the next one, so that a receiver that hangs costs its time
  // once.
  void BeginRun();
  void EndRun() { BeginRun(); }

  // Tells those whose time it is, waits for their answers, and takes them.
  // Returns how many were told; `*why_silent` is the reason of the last that
  // was silent, and left alone if none was. Nobody, while another run tells.
  int TellParties(v1::StoredErasure* erasure, absl::Status* why_silent);

  // Whether somebody was not told in this run because another one tells.
  bool told_elsewhere() const { return has_turn_ == false; }

 private:
  PartyReply Tell(const v1::ErasureParty& party,
                  const v1::StoredErasure& erasure);
  // Takes the turn of this run, if it is not taken.
  absl::StatusOr<bool> TakeTurn();

  const v1::ConnectorFile connectors_;
  const std::string folder_;
  const std::string entity_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<Connector>> open_connectors_;
  // Of this run: whether it tells, once that was asked, and by which lock; who
  // could not be reached.
  std::optional<bool> has_turn_;
  UniqueFd turn_;
  std::set<std::pair<v1::PartyKind, std::string>> silent_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_PARTY_TELLER_H_
