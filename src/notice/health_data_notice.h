// Washington's consumer health data privacy policy, made from what the entity
// does and holds: its policy, its recipients and the inventory. Words come from
// a file that people review (notice_words.h), facts from nowhere else.
//
// It holds the items of the rule "wa-mhmda/policy" in the pack's order and
// nothing besides: RCW 19.373.020(1)(a), on a page of its own.
#ifndef SUBROSA_SRC_NOTICE_HEALTH_DATA_NOTICE_H_
#define SUBROSA_SRC_NOTICE_HEALTH_DATA_NOTICE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "src/notice/inventory.h"
#include "src/notice/notice_document.h"
#include "subrosa/v1/notice.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

inline constexpr char kHealthDataNoticeRule[] = "wa-mhmda/policy";

struct NoticeFacts {
  v1::Policy policy;
  std::vector<v1::Recipient> recipients;
  Inventory inventory;
  absl::CivilDay day;  // Whom data goes to, as of it.
};

// What is held or done and not told in the words, and what is held that the
// policy names no purpose for, is listed in `missing`: it is never made up.
//
// INTERNAL if `law` has not the rule or it lists an item that this version
// cannot write.
absl::StatusOr<NoticeDocument> WriteHealthDataNotice(
    const LawBook& law, const NoticeFacts& facts, const v1::NoticeWords& words);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_HEALTH_DATA_NOTICE_H_
