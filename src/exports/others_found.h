// Whom else a consumer's records may name: names, addresses, telephone numbers
// and the like in what they wrote, or others wrote of them. A person is to look
// at them before the copy goes; what is found may as well be the consumer's
// own.
//
// Slower than all else in an export: names are looked for. What the scanner
// does not find is not shown (docs/classification.md has its recall).
//
// Thread-compatible. Holds no text of a record; a found place is named by the
// record's type and id.
#ifndef SUBROSA_SRC_EXPORTS_OTHERS_FOUND_H_
#define SUBROSA_SRC_EXPORTS_OTHERS_FOUND_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "src/classify/text_scanner.h"
#include "src/exports/copy_range.h"
#include "src/steward/steward.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A record that may name somebody.
struct FoundPlace {
  std::string type;  // "journal entry".
  std::string id;    // As the source calls it; empty if it has none.
  std::string when;
  std::string what;  // "2 telephone numbers, 1 name of a person".
};

struct OthersFound {
  // The first ones; the bound keeps memory constant.
  static constexpr size_t kMostPlaces = 1000;

  int64_t records = 0;  // In all, that were looked at.
  int64_t outside_range = 0;
  int64_t with_others = 0;
  std::map<std::string, int64_t> kinds;  // By title of the rule.
  std::vector<FoundPlace> places;
};

// Looks through the records of `consumer` in `range`. NOT_FOUND if there is no
// such consumer; else errors of Steward::ScanForConsumer and ParsePayload.
absl::StatusOr<OthersFound> FindOthers(Steward& steward,
                                       absl::string_view consumer,
                                       const CopyRange& range);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_OTHERS_FOUND_H_
