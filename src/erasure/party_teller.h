// A PartyTeller knows whom an erasure has to be told to, and tells them: the
// stores of the entity's file of connectors, and recipients of data, each by
// its connector. Who has none is told by an officer.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_PARTY_TELLER_H_
#define SUBROSA_SRC_ERASURE_PARTY_TELLER_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "src/base/clock.h"
#include "src/erasure/connector.h"
#include "src/erasure/erasure_terms.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

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

  // Tells those whose time it is, waits for their answers, and takes them.
  // Returns how many were told; `*why_silent` is the reason of the last that
  // was silent, and left alone if none was.
  int TellParties(v1::StoredErasure* erasure, absl::Status* why_silent);

 private:
  PartyReply Tell(const v1::ErasureParty& party,
                  const v1::StoredErasure& erasure);

  const v1::ConnectorFile connectors_;
  const std::string folder_;
  const std::string entity_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<Connector>> open_connectors_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_PARTY_TELLER_H_
