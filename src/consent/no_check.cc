#include "src/consent/no_check.h"

#include "src/base/status_macros.h"
#include "src/consent/choice_actor.h"
#include "src/consent/choice_form.h"
#include "src/consent/choice_history.h"

namespace subrosa {

absl::Status CheckNoToAll(const v1::Choice& choice,
                          const v1::Standing& standing, const EntityLaw& law,
                          absl::Time now) {
  SUBROSA_RETURN_IF_ERROR(CheckChoiceForm(choice, now));
  if (IsYes(choice.kind()) || choice.purpose_size() > 0 ||
      choice.recipient_size() > 0) {
    return absl::InvalidArgumentError(
        "choice: want a no to every purpose and recipient, got another");
  }
  // A no asks for no age, and no pack.
  const ChoiceSetting setting = {law, /*packs=*/0, kAdultAge};
  SUBROSA_RETURN_IF_ERROR(CheckActor(choice, standing.facts(), setting));
  return CheckHistory(choice, standing, setting);
}

}  // namespace subrosa
