#include "tests/forensics/traces.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

std::string Inverted(absl::string_view bytes) {
  std::string inverted(bytes);
  for (char& c : inverted) c = static_cast<char>(~c);
  return inverted;
}

// Compared byte by byte, so that no copy of what is looked for is made.
bool IsAt(const char* at, const std::string& inverted) {
  for (size_t i = 0; i < inverted.size(); ++i) {
    if (static_cast<char>(~at[i]) != inverted[i]) return false;
  }
  return true;
}

}  // namespace

void Traces::Add(absl::string_view name, absl::string_view bytes) {
  traces_.push_back({std::string(name), Inverted(bytes)});
}

std::vector<std::string> Traces::FindIn(absl::string_view content) const {
  std::vector<std::string> found;
  for (const Trace& trace : traces_) {
    const std::string bytes = Inverted(trace.inverted);
    const std::string hex = absl::BytesToHexString(bytes);
    for (const std::string& form : {bytes, hex, absl::AsciiStrToUpper(hex)}) {
      if (!absl::StrContains(content, form)) continue;
      found.push_back(trace.name);
      break;
    }
  }
  return found;
}

std::vector<std::string> Traces::FindInFiles(const std::string& folder) const {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(file)),
                              std::istreambuf_iterator<char>());
    for (const std::string& name : FindIn(content)) {
      found.push_back(absl::StrCat(
          name, " in ", fs::relative(entry.path(), folder).string()));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> Traces::FindInMemory() const {
  std::vector<std::string> found;
  for (const Trace& trace : traces_) {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    bool is_found = false;
    while (!is_found && std::getline(maps, line)) {
      unsigned long start = 0;
      unsigned long end = 0;
      char access[5] = {};
      if (std::sscanf(line.c_str(), "%lx-%lx %4s", &start, &end, access) != 3 ||
          std::strncmp(access, "rw", 2) != 0) {
        continue;
      }
      const char first = static_cast<char>(~trace.inverted[0]);
      const char* at = reinterpret_cast<const char*>(start);
      const char* const last =
          reinterpret_cast<const char*>(end) - trace.inverted.size();
      while (!is_found && at <= last) {
        at = static_cast<const char*>(
            std::memchr(at, first, static_cast<size_t>(last - at) + 1));
        if (at == nullptr) break;
        is_found = IsAt(at, trace.inverted);
        ++at;
      }
    }
    if (is_found) found.push_back(trace.name);
  }
  return found;
}

}  // namespace subrosa
