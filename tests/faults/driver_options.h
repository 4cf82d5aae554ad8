// The `name=value` words that a driver of faults is called with.
#ifndef SUBROSA_TESTS_FAULTS_DRIVER_OPTIONS_H_
#define SUBROSA_TESTS_FAULTS_DRIVER_OPTIONS_H_

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace subrosa {

class DriverOptions {
 public:
  DriverOptions(int count, char** words) {
    for (int i = 0; i < count; ++i) {
      const std::pair<std::string, std::string> parts =
          absl::StrSplit(words[i], absl::MaxSplits('=', 1));
      values_[parts.first] = parts.second;
    }
  }

  int64_t Number(const std::string& name, int64_t otherwise) const {
    const auto found = values_.find(name);
    int64_t number = otherwise;
    if (found != values_.end() && !absl::SimpleAtoi(found->second, &number)) {
      std::fprintf(stderr, "driver: %s: want a number\n", name.c_str());
    }
    return number;
  }
  std::string Text(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? "" : found->second;
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_DRIVER_OPTIONS_H_
