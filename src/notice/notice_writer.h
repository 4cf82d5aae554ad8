// Writes a notice: the items that a rule of a pack lists, in its order, each in
// the words of a file that people review (notice_words.h) and with the table of
// facts that the pack asks for (fact_table.h). Which items there are, where
// they stand in a statute, and what prescribed words they hold, packs say.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       const NoticeDocument document,
//       WriteNotice(law, "wa-mhmda/policy", facts, words));
#ifndef SUBROSA_SRC_NOTICE_NOTICE_WRITER_H_
#define SUBROSA_SRC_NOTICE_NOTICE_WRITER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/law/law_book.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_facts.h"
#include "subrosa/v1/notice.pb.h"

namespace subrosa {

// What is held or done and not told in the words, and what is held that the
// policy names no purpose for, is listed in `missing`: it is never made up.
//
// NOT_FOUND if `law` has no such rule, or it lists no contents.
absl::StatusOr<NoticeDocument> WriteNotice(const LawBook& law,
                                           absl::string_view rule,
                                           const NoticeFacts& facts,
                                           const v1::NoticeWords& words);

// The facts that the request to consent, or the authorization, for one purpose
// tells of: that purpose, and of the recipients `recipient`, or all if it is
// empty. NOT_FOUND if there is no such purpose or recipient.
absl::StatusOr<NoticeFacts> FactsOfOnePurpose(const NoticeFacts& facts,
                                              absl::string_view purpose,
                                              absl::string_view recipient);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_NOTICE_WRITER_H_
