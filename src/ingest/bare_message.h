// A BareMessage is a service's own marked message, taken as a record: its roles
// say whom it is about, what its id is and when it happened.
#ifndef SUBROSA_SRC_INGEST_BARE_MESSAGE_H_
#define SUBROSA_SRC_INGEST_BARE_MESSAGE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/role_values.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class BareMessage {
 public:
  // The message that `options` names.
  //
  // INVALID_ARGUMENT if it is unknown or carries no mark, if no field has the
  // role of the consumer, and if a field has a role that its type cannot carry.
  static absl::StatusOr<BareMessage> Find(const ReaderOptions& options,
                                          MessagePlans* plans);

  const MessagePlan& plan() const { return *plan_; }

  // Makes a record that carries `wire`, a message of this type, in place of
  // what `record` held. INVALID_ARGUMENT if there is no consumer.
  absl::Status Fill(absl::string_view wire, const RoleValues& roles,
                    v1::HealthRecord* record) const;

 private:
  explicit BareMessage(const MessagePlan* plan) : plan_(plan) {}

  const MessagePlan* plan_;
  std::string consumer_field_;
  std::string type_url_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_BARE_MESSAGE_H_
