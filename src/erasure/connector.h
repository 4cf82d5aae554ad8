// A Connector tells one store or recipient to erase a consumer, and says what
// it answered. It is asked again until it says that it is done or will not, so
// being told twice must be as good as once: the message carries a name of the
// erasure that is the same each time.
//
// What does not answer, answers late, too long or wrongly is *silent*, with the
// reason; nothing that was said counts as done unless it says so plainly.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_CONNECTOR_H_
#define SUBROSA_SRC_ERASURE_CONNECTOR_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace subrosa {

enum class PartyAnswer {
  kDone,
  kAccepted,  // It will.
  kRefused,   // It will not.
  kSilent,
};

struct PartyReply {
  PartyAnswer answer = PartyAnswer::kSilent;
  // Why it is silent; OK for other answers. Says nothing of the consumer.
  absl::Status why;
  // One that is silent was told all the same: it said something that is no
  // answer. Otherwise it cannot be said that it was.
  bool is_reached = false;
};

// Whom a party has to erase.
struct EraseMessage {
  std::string entity;   // A slug.
  std::string erasure;  // 32 hexadecimal digits: the same each time.
  // One of the two: the account id, for the entity's own stores; the names
  // under which a recipient knows the consumer.
  std::string consumer;
  std::vector<std::string> pseudonyms;
};

class Connector {
 public:
  virtual ~Connector() = default;

  // Tells it, and waits for an answer as long as it was made to.
  virtual PartyReply Tell(const EraseMessage& message) = 0;
};

// The message in JSON, as webhooks and commands are given it:
//   {"type":"erase","entity":"…","erasure":"…","consumer":"…"}
// or with "pseudonyms" in place of "consumer".
std::string EraseMessageJson(const EraseMessage& message);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CONNECTOR_H_
