// What every subcommand of `recipient` shares: the home, the day, what the
// packs that its entity goes by ask of a recipient, and how one is printed.
#ifndef SUBROSA_TOOLS_SUBROSA_RECIPIENT_ARGUMENTS_H_
#define SUBROSA_TOOLS_SUBROSA_RECIPIENT_ARGUMENTS_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/law/law_book.h"
#include "src/recipients/receiving.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/steward.h"
#include "subrosa/v1/recipient.pb.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"

namespace subrosa {

// What the policy of an entity asks of its recipients.
struct RecipientDemands {
  LawBook law;
  std::vector<std::string> packs;
  std::set<std::string> purposes;
};

// Of the home `folder`, which is `entity`'s. Errors as ReadHomePolicy.
absl::StatusOr<std::unique_ptr<RecipientDemands>> ReadRecipientDemands(
    const std::string& folder, absl::string_view entity);

// What stands for and against a recipient on a day.
struct RecipientStanding {
  std::vector<ReceivingFault> faults;
  ReceivingDays days;
  // Purposes of it that the policy does not have.
  std::vector<std::string> unknown_purposes;
};
RecipientStanding StandingOf(const v1::Recipient& recipient,
                             const RecipientDemands& demands,
                             absl::CivilDay day, Handover handover);

// "may receive until …", or why it may not, a line each; ends with a newline.
std::string StandingText(const v1::Recipient& recipient,
                         const RecipientStanding& standing, const LawBook& law);
nlohmann::ordered_json StandingJson(const RecipientStanding& standing,
                                    const LawBook& law);

// All that is recorded of a recipient.
std::string RecipientText(const RecordedRecipient& recorded);
nlohmann::ordered_json RecipientJson(const RecordedRecipient& recorded);

// "added".
std::string RecipientChangeName(RecipientChange change);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_RECIPIENT_ARGUMENTS_H_
