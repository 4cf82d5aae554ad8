// Decodes one message after another from ProtoJSON; JsonDecoder's inside. Not
// for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_JSON_MESSAGE_H_
#define SUBROSA_SRC_INGEST_JSON_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/ingest/field_fault.h"
#include "src/ingest/json_scalar.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/part_sorter.h"
#include "src/ingest/role_values.h"
#include "src/ingest/time_text.h"

namespace subrosa {

// Its private functions return false once something is wrong; `fault_` says
// what, and each level puts itself before the path on the way out. `depth` is 1
// for the message that is decoded.
class JsonMessage {
 public:
  explicit JsonMessage(MessagePlans* plans) : plans_(plans) {}

  // As in JsonDecoder.
  absl::Status Decode(absl::string_view json, const MessagePlan& plan,
                      std::string* wire);
  const RoleValues& roles() const { return roles_; }

 private:
  using Value = simdjson::ondemand::value;
  using Object = simdjson::ondemand::object;
  using ObjectIterator = simdjson::ondemand::object_iterator;

  // json_message.cc
  bool Document(absl::string_view json, const MessagePlan& plan);
  bool Fields(const MessagePlan& plan, ObjectIterator at, ObjectIterator end,
              int depth, bool in_any);
  bool UnknownField(const MessagePlan& plan, absl::string_view key);
  bool Field(const FieldPlan& plan, Value value, int depth);
  bool Single(const FieldPlan& plan, Value value, int depth, bool keep_default);
  bool Scalar(Value value, JsonValue* scalar);
  void KeepRole(const FieldPlan& plan, const JsonValue& value);
  bool Broken(simdjson::error_code error);

  // json_composite.cc
  bool Message(const MessagePlan& plan, Value value, int depth);
  bool FieldsOf(const MessagePlan& plan, Value value, int depth);
  bool Time(const JsonValue& value);
  bool Duration(const JsonValue& value);
  void AppendSecondsAndNanos(int64_t seconds, int64_t nanos);
  bool Any(Value value, int depth);
  bool TypeOfAny(Object* object, absl::string_view* url);
  bool List(const FieldPlan& plan, Value value, int depth);
  bool Map(const FieldPlan& plan, Value value, int depth);
  bool MapEntry(const FieldPlan& plan, absl::string_view key, Value value,
                int depth, std::string* encoded_key);

  MessagePlans* plans_;
  simdjson::ondemand::parser parser_;
  const char* json_end_ = nullptr;
  std::string* out_ = nullptr;
  PartSorter parts_;
  RoleValues roles_;
  std::optional<TextTime> last_time_;
  FieldFault fault_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_MESSAGE_H_
