// Asks for the clocks of each request in request_clocks.tsv, which
// request_clocks.py works out from the statutes a second time.
#include "src/request/request_clocks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/request/request_machine.h"
#include "src/request/request_text.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

constexpr char kFile[] = "tests/conformance/request_clocks.tsv";

absl::Time TimeIn(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error))
      << error;
  return time;
}

// Kind, places, received, authenticated, extended.
v1::Request RequestIn(const std::vector<std::string>& columns) {
  const std::vector<std::string> places = absl::StrSplit(columns[1], '+');
  v1::Request request =
      SampleRequest(*RequestKindOf(columns[0]), places[0], TimeIn(columns[2]));
  if (places.size() > 1) request.add_place_of_collection(places[1]);
  if (columns[3] != "-") {
    *request.add_event() =
        StepAt(TimeIn(columns[3]), v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  }
  if (columns[4] != "-") {
    *request.add_event() =
        StepAt(TimeIn(columns[4]), v1::REQUEST_EVENT_KIND_EXTENDED);
  }
  // What matters here is when things happened, not which was told first.
  std::sort(request.mutable_event()->begin(), request.mutable_event()->end(),
            [](const v1::RequestEvent& a, const v1::RequestEvent& b) {
              return a.at().seconds() < b.at().seconds();
            });
  return request;
}

std::string ClocksText(const v1::Request& request) {
  const absl::StatusOr<RequestMachine> machine = MachineOf(request);
  if (!machine.ok()) return machine.status().ToString();
  const absl::StatusOr<std::vector<RequestClock>> clocks =
      ClocksOf(SampleRequestLaw(), request, *machine);
  if (!clocks.ok()) return clocks.status().ToString();
  std::vector<std::string> texts;
  for (const RequestClock& clock : *clocks) {
    texts.push_back(absl::StrCat(clock.rule->id, "=",
                                 clock.state == ClockState::kWaiting
                                     ? "waits"
                                     : absl::FormatCivilTime(clock.last_day)));
  }
  std::sort(texts.begin(), texts.end());
  return texts.empty() ? "none" : absl::StrJoin(texts, " ");
}

TEST(RequestClocksConformanceTest, EveryClockEndsWhenTheStatutesSay) {
  const absl::StatusOr<std::string> text = ReadFile(kFile, size_t{1} << 20);
  ASSERT_TRUE(text.ok()) << text.status();
  int requests = 0;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    if (line.empty()) continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    ASSERT_EQ(columns.size(), 6U) << line;
    EXPECT_EQ(ClocksText(RequestIn(columns)), columns[5]) << line;
    ++requests;
  }
  EXPECT_GT(requests, 2000);
}

}  // namespace
}  // namespace subrosa
