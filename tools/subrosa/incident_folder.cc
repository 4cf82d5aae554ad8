#include "tools/subrosa/incident_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/request/incident.h"

namespace subrosa {
namespace {

constexpr char kEnding[] = ".textproto";
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

}  // namespace

std::string IncidentFolder::PathOf(const std::string& id) const {
  return absl::StrCat(folder_, "/", id, kEnding);
}

absl::Status IncidentFolder::Put(const v1::Incident& incident,
                                 const std::string& text, bool replace) const {
  if (mkdir(folder_.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, folder_);
  }
  const std::string path = PathOf(incident.id());
  if (!replace && access(path.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(
        "incident.id: want one that is not taken, or --replace, got one that "
        "is");
  }
  return ReplaceFile(path, text, kFileMode);
}

absl::StatusOr<v1::Incident> IncidentFolder::Read(const std::string& id) const {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("incident.id", id));
  const absl::StatusOr<std::string> text =
      ReadFile(PathOf(id), kMaxIncidentBytes);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError(
        "incident.id: want one on record, as `incident list` shows them, got "
        "another");
  }
  SUBROSA_RETURN_IF_ERROR(text.status());
  return ParseIncident(PathOf(id), *text);
}

absl::StatusOr<std::vector<v1::Incident>> IncidentFolder::ReadAll() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_, error)) {
    if (entry.path().extension() != kEnding) continue;
    ids.push_back(entry.path().stem().string());
    if (ids.size() > kMaxIncidents) {
      return absl::ResourceExhaustedError(absl::StrCat(
          folder_, ": want at most ", kMaxIncidents, " incidents, got more"));
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return absl::UnavailableError(absl::StrCat(folder_, ": cannot read"));
  }
  std::sort(ids.begin(), ids.end());
  std::vector<v1::Incident> incidents;
  for (const std::string& id : ids) {
    SUBROSA_ASSIGN_OR_RETURN(incidents.emplace_back(), Read(id));
  }
  return incidents;
}

}  // namespace subrosa
