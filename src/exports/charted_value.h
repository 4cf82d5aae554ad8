// The one number of a record that a chart can show, if it has one: a score, a
// length in minutes, a measurement with its unit.
#ifndef SUBROSA_SRC_EXPORTS_CHARTED_VALUE_H_
#define SUBROSA_SRC_EXPORTS_CHARTED_VALUE_H_

#include <optional>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace subrosa {

struct ChartedValue {
  // What is shown: "score", "PHQ9 total", "heart rate (/min)". Values of one
  // name can stand in one chart.
  std::string name;
  double value = 0;
};

// How the records of one type are charted. Cheap to copy; the descriptor must
// outlive it. Thread-safe.
class ValueChart {
 public:
  // By the type's own fields, in their order: the first one that holds one
  // health number is the value; the first one that names a kind (an enum, a
  // coded concept) tells the values apart.
  explicit ValueChart(const google::protobuf::Descriptor& type);

  // Nothing if the record does not say it.
  std::optional<ChartedValue> Of(
      const google::protobuf::Message& payload) const;

 private:
  const google::protobuf::FieldDescriptor* kind_ = nullptr;
  const google::protobuf::FieldDescriptor* value_ = nullptr;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_CHARTED_VALUE_H_
