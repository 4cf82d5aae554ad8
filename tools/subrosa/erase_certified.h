// `subrosa erase ID --certificate FILE`.
#ifndef SUBROSA_TOOLS_SUBROSA_ERASE_CERTIFIED_H_
#define SUBROSA_TOOLS_SUBROSA_ERASE_CERTIFIED_H_

#include <string>

#include "src/base/new_file.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"

namespace subrosa {

// Erases `consumer`, tells whom there is to tell, and writes the certificate
// into `file`.
ExitCode EraseCertified(Steward& steward, const std::string& consumer,
                        NewFile file, bool json, const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ERASE_CERTIFIED_H_
