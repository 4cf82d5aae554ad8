// Which schema of Open mHealth says what a record says.
#ifndef SUBROSA_SRC_EXPORTS_OPEN_MHEALTH_FORM_H_
#define SUBROSA_SRC_EXPORTS_OPEN_MHEALTH_FORM_H_

#include <optional>
#include <string>

#include "google/protobuf/message.h"
#include "src/ingest/open_mhealth_types.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {

// What a data point's body holds, as reading one gives it: the main value in
// `sample.value`, the others as parts and details by their names.
struct OpenMHealthForm {
  const OpenMHealthType* type = nullptr;
  std::string version;   // "2.0"
  int main_version = 0;  // 2
  v1::HealthSample sample;
  v1::Effective effective;
};

// The form of `record` with `payload`; absent if there is none.
std::optional<OpenMHealthForm> FindOpenMHealthForm(
    const v1::HealthRecord& record, const google::protobuf::Message& payload);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_OPEN_MHEALTH_FORM_H_
