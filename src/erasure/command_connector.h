// Tells a store or recipient by running a program of the entity's own: without
// a shell, with an environment of PATH and LANG alone, EraseMessageJson on its
// standard input and nothing of what it prints kept.
//
// Its exit code answers: 0 done, 10 accepted, 11 refused; any other, a signal,
// or no end within the time: silent. A program that takes too long is killed
// with all that it started in its process group.
//
// Thread-safe.
#ifndef SUBROSA_SRC_ERASURE_COMMAND_CONNECTOR_H_
#define SUBROSA_SRC_ERASURE_COMMAND_CONNECTOR_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/erasure/connector.h"

namespace subrosa {

class CommandRunner final : public Connector {
 public:
  // `arguments` begins with the program's absolute path.
  CommandRunner(std::vector<std::string> arguments, absl::Duration timeout)
      : arguments_(std::move(arguments)), timeout_(timeout) {}

  PartyReply Tell(const EraseMessage& message) override;

 private:
  const std::vector<std::string> arguments_;
  const absl::Duration timeout_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_COMMAND_CONNECTOR_H_
