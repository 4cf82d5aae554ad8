// Actions by the names that people type: "share".
#ifndef SUBROSA_SRC_CONSENT_ACTION_NAME_H_
#define SUBROSA_SRC_CONSENT_ACTION_NAME_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

inline std::string ActionName(v1::Action action) {
  switch (action) {
    case v1::ACTION_COLLECT:
      return "collect";
    case v1::ACTION_USE:
      return "use";
    case v1::ACTION_SHARE:
      return "share";
    case v1::ACTION_SELL:
      return "sell";
    default:
      return "unknown";
  }
}

// INVALID_ARGUMENT for what is none.
inline absl::StatusOr<v1::Action> ParseAction(absl::string_view name) {
  for (const v1::Action action : {v1::ACTION_COLLECT, v1::ACTION_USE,
                                  v1::ACTION_SHARE, v1::ACTION_SELL}) {
    if (ActionName(action) == name) return action;
  }
  return absl::InvalidArgumentError(
      "--action: want collect, use, share or sell");
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_ACTION_NAME_H_
