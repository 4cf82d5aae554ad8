// Who was asked before a notice changed: consents that stand and were given
// under an older one. After a change that needs a new consent (DiffNotices)
// these consumers are asked again, or told that they may withdraw.
#ifndef SUBROSA_SRC_NOTICE_OLDER_CONSENTS_H_
#define SUBROSA_SRC_NOTICE_OLDER_CONSENTS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// Of what stands of one consumer, the consents to `purpose` (or to all
// purposes) that began before `day` and stand on it.
std::vector<v1::StandingChoice> ConsentsBefore(const v1::Standing& standing,
                                               absl::string_view purpose,
                                               absl::CivilDay day);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_OLDER_CONSENTS_H_
