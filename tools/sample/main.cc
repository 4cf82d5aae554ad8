// subrosa-sample: records of an invented wellness service, for trying, testing
// and measuring. Exit codes: 0 done, 1 could not finish, 2 usage.
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/sample/options.h"
#include "tools/sample/output.h"
#include "tools/sample/sample.h"

namespace {

constexpr int kDone = 0;
constexpr int kCouldNotFinish = 1;
constexpr int kUsage = 2;

int Fail(const absl::Status& status, int exit_code) {
  std::cerr << "subrosa-sample: error: " << status.message() << "\n";
  if (exit_code == kUsage) {
    std::cerr << "subrosa-sample: hint: --help lists the options\n";
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  const absl::StatusOr<subrosa::sample::Parsed> parsed =
      subrosa::sample::ParseOptions(
          std::vector<std::string>(argv + 1, argv + argc));
  if (!parsed.ok()) return Fail(parsed.status(), kUsage);
  if (parsed->help) {
    std::cout << parsed->help_text;
    return kDone;
  }
  absl::StatusOr<subrosa::sample::Output> output =
      subrosa::sample::Output::Open(parsed->options.output);
  if (!output.ok()) return Fail(output.status(), kCouldNotFinish);
  const absl::Status written =
      subrosa::sample::WriteSample(parsed->options, &*output);
  return written.ok() ? kDone : Fail(written, kCouldNotFinish);
}
