// Whom else a consumer's records may tell of: names, addresses, telephone
// numbers and the like in what they wrote, or others wrote of them, and what is
// said of somebody else's health. A person is to look at them before the copy
// goes; what is found may as well be the consumer's own.
//
// Slower than all else in an export: names are looked for. What the scanner and
// the reader of health language do not find is not shown
// (docs/classification.md has their recall).
//
// Thread-compatible. Holds no text of a record; a found place is named by the
// record's type and id.
#ifndef SUBROSA_SRC_EXPORTS_OTHERS_FOUND_H_
#define SUBROSA_SRC_EXPORTS_OTHERS_FOUND_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/exports/copy_range.h"
#include "src/steward/steward.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// That something is said of the health of somebody else.
struct FoundHealth {
  std::string field;  // Where in the payload: "items[0].answer".
  std::string of;     // "family", "other" (health_context.h).
  v1::HealthCategory category = v1::HEALTH_CATEGORY_UNSPECIFIED;

  bool operator<(const FoundHealth& other) const {
    return std::tie(field, of, category) <
           std::tie(other.field, other.of, other.category);
  }
};

// A record that may tell of somebody.
struct FoundPlace {
  // Of `health`, the first ones.
  static constexpr size_t kMostHealth = 32;

  std::string type;  // "journal entry".
  std::string id;    // As the source calls it; empty if it has none.
  std::string when;
  std::string what;  // "telephone number: 2, health of a relative: 1".
  std::vector<FoundHealth> health;
};

struct OthersFound {
  // The first ones; the bound keeps memory constant.
  static constexpr size_t kMostPlaces = 1000;

  int64_t records = 0;  // In all, that were looked at.
  int64_t outside_range = 0;
  int64_t with_others = 0;               // That may tell of somebody else.
  std::map<std::string, int64_t> kinds;  // By title of the rule.
  std::vector<FoundPlace> places;
  // 16 hexadecimal digits that stand for all that was found, and for what the
  // records say in which it was: others once a record among them is revised, or
  // one is added. Made under a secret of the consumer's, so that nobody guesses
  // what they say by it. Empty if nothing was found.
  std::string digest;
};

// Looks through the records of `consumer` in `range`. In what the consumer did
// not write themselves "she" and "the client" are the consumer, as in
// ToldKinds. A resource or section on the family's history always counts.
//
// NOT_FOUND if there is no such consumer; else errors of
// Steward::ScanForConsumer and ParsePayload.
absl::StatusOr<OthersFound> FindOthers(Steward& steward,
                                       absl::string_view consumer,
                                       const CopyRange& range);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_OTHERS_FOUND_H_
