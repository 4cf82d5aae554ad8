// What a self-test's consumers are said to have: made up, and nobody's.
#ifndef SUBROSA_TOOLS_SUBROSA_SELF_TEST_RECORD_H_
#define SUBROSA_TOOLS_SUBROSA_SELF_TEST_RECORD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The field that says of each record of one type whose it is, so that a search
// by value finds one consumer.
inline constexpr char kSelfTestSchema[] = "subrosa.v1.MoodCheckIn";
inline constexpr char kSelfTestField[] = "device_id";

// A record of each of several categories, of `consumer` and for `purpose`; all
// have a source that nothing else has. Ids are the same for every purpose.
std::vector<v1::HealthRecord> SelfTestRecords(absl::string_view consumer,
                                              absl::string_view purpose,
                                              absl::Time collected_at);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SELF_TEST_RECORD_H_
