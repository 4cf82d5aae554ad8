#include "tests/conformance/shared_data.h"

#include <sys/stat.h>

#include <climits>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

// A file of the checkout that every test finds among its runfiles. It is a
// symbolic link there, so its real path leads back to the checkout.
constexpr absl::string_view kKnownFile = "tests/conformance/README.md";

std::string DataFolder() {
  const char* chosen = std::getenv("SUBROSA_DATA");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  char known[PATH_MAX];
  if (realpath(std::string(kKnownFile).c_str(), known) == nullptr) return "";
  std::string checkout(known);
  checkout.resize(checkout.size() - kKnownFile.size());
  return absl::StrCat(checkout, "../shared/data");
}

}  // namespace

absl::optional<std::string> SharedDataFolder(absl::string_view folder) {
  const std::string data = DataFolder();
  if (data.empty()) return absl::nullopt;
  const std::string path = absl::StrCat(data, "/", folder);
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return absl::nullopt;
  }
  return path;
}

}  // namespace subrosa
