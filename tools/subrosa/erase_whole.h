// Erasing a whole consumer by command: `erase ID` and `request erase`.
#ifndef SUBROSA_TOOLS_SUBROSA_ERASE_WHOLE_H_
#define SUBROSA_TOOLS_SUBROSA_ERASE_WHOLE_H_

#include <string>

#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {

struct WholeErasure {
  // Who is erased; empty: whom the request is about.
  std::string consumer;
  // The reference of the request that asks for it; empty: there is none.
  std::string request_ref;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
  // File to make with the certificate; empty: none.
  std::string certificate_path;
  // File to make with the bare receipt; empty: none.
  std::string receipt_path;
  // Who orders it, a slug; empty: it is not said.
  std::string officer;
  // It waits until it is released.
  bool hold = false;
};

// Adds --certificate, --officer and --hold to `line`.
void AddWholeErasureArguments(CommandLine* line, WholeErasure* erasure);

// Plans, asks, erases, tells whom there is to tell, and writes the certificate:
// the one way in which a whole consumer is erased by command.
// kNo if the ids differ, nobody such is held, or somebody has still to answer.
ExitCode EraseWhole(Steward& steward, const WholeErasure& erasure,
                    const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ERASE_WHOLE_H_
