// Erasing a part of what is held of a consumer, and renewing their key, which
// is the same with nothing erased: what `subrosa erase` with a selection and
// `subrosa keys renew` print.
#ifndef SUBROSA_TOOLS_SUBROSA_ERASE_PART_H_
#define SUBROSA_TOOLS_SUBROSA_ERASE_PART_H_

#include <string>

#include "src/steward/steward.h"
#include "src/vault/part_selection.h"
#include "tools/subrosa/command.h"

namespace subrosa {

struct PartRequest {
  std::string consumer;
  PartSelection selection;  // Empty: the key is renewed.
  std::string officer;      // A slug; empty: it is not said.
  bool dry_run = false;
  bool yes = false;  // Do not ask.
  bool json = false;
};

// Asks for the id again unless told not to, erases, waits for the checkpoint,
// and reseals what stays.
ExitCode ErasePart(Steward& steward, const PartRequest& request,
                   const Streams& streams);

// Asks the person at the terminal to type the id of `consumer` again.
bool ConfirmConsumer(const std::string& consumer, const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ERASE_PART_H_
