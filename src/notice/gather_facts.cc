#include "src/notice/gather_facts.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/ingest/message_types.h"
#include "src/law/deadline.h"
#include "src/law/law_book.h"
#include "src/notice/holdings.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "src/steward/sharing.h"

namespace subrosa {

absl::StatusOr<NoticeFacts> GatherNoticeFacts(Steward& steward) {
  NoticeFacts facts;
  facts.policy = steward.gate().policy().proto();
  facts.day = CivilDayOf(DayOf(steward.clock().Now()));
  SUBROSA_ASSIGN_OR_RETURN(facts.held, ReadHoldings(steward));
  for (const HeldLine& line : facts.held.lines) {
    for (const std::string& schema : line.schemas) {
      const auto* const type = steward.types().Find(schema);
      if (type != nullptr) facts.schemas[schema] = MarksOfSchema(*type);
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recipients,
                           steward.gate().ReadRecipients());
  for (const RecordedRecipient& recorded : recipients) {
    facts.recipients.push_back(recorded.recipient);
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Sharing> sharing,
                           steward.OpenSharing());
  using LastDays = std::map<std::string, int32_t>;
  SUBROSA_ASSIGN_OR_RETURN(const LastDays days,
                           sharing->ledger().ReadLastDays());
  const LawEntry* const looks_back =
      steward.gate().law().Find("ca-ccpa/policy-yearly");
  for (const auto& [recipient, day] : days) {
    if (looks_back == nullptr) break;
    SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay until,
                             LastDayOf(looks_back->rule->frequency().per(),
                                       CivilDayOf(day), nullptr));
    if (facts.day <= until) facts.received.insert(recipient);
  }
  return facts;
}

}  // namespace subrosa
