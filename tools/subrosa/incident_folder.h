// The incidents of a home: a file each in its folder `incidents`, named for the
// id, in clear. They name nobody whom they concern.
#ifndef SUBROSA_TOOLS_SUBROSA_INCIDENT_FOLDER_H_
#define SUBROSA_TOOLS_SUBROSA_INCIDENT_FOLDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "subrosa/v1/incident.pb.h"

namespace subrosa {

class IncidentFolder {
 public:
  // More are not listed.
  static constexpr int kMaxIncidents = 10'000;

  explicit IncidentFolder(const std::string& home)
      : folder_(home + "/incidents") {}

  // Keeps `text`, which is that of `incident`, durably. ALREADY_EXISTS if one
  // of that id is there and `replace` is not said.
  absl::Status Put(const v1::Incident& incident, const std::string& text,
                   bool replace) const;

  // NOT_FOUND if there is none; INVALID_ARGUMENT for an id that is no slug.
  absl::StatusOr<v1::Incident> Read(const std::string& id) const;

  // By id. RESOURCE_EXHAUSTED beyond kMaxIncidents.
  absl::StatusOr<std::vector<v1::Incident>> ReadAll() const;

 private:
  std::string PathOf(const std::string& id) const;

  const std::string folder_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_INCIDENT_FOLDER_H_
