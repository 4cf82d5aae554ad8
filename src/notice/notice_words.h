// Reads the words of a notice from a file that people write and review.
#ifndef SUBROSA_SRC_NOTICE_NOTICE_WORDS_H_
#define SUBROSA_SRC_NOTICE_NOTICE_WORDS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/law/law_book.h"
#include "subrosa/v1/notice.pb.h"

namespace subrosa {

// Bounds of a file: its bytes, and those of one text in it.
inline constexpr size_t kMaxNoticeWordsBytes = size_t{1} << 20;
inline constexpr size_t kMaxNoticeTextBytes = 4096;

// Reads `text`, a v1::NoticeWords in protobuf's text format; `name` appears in
// errors. `rule`, "wa-mhmda/policy", is the one whose list of contents the
// notice follows.
//
// INVALID_ARGUMENT, `name:line: field.path: want …, got …`, for what is no such
// file; title, locale, version or day that is missing or none; a section of
// something that the rule does not list (a page of its own holds nothing else),
// or of one item twice; one without heading; a source named twice or without
// text; and text that is no UTF-8 or longer than the bound. The message may
// quote the file, which holds no record.
absl::StatusOr<v1::NoticeWords> ParseNoticeWords(absl::string_view name,
                                                 absl::string_view text,
                                                 const LawEntry& rule);

// INVALID_ARGUMENT, at `field`, unless `url` is https://… or a path on the same
// site, and holds no character that would end it in HTML or Markdown.
absl::Status CheckNoticeUrl(absl::string_view field, absl::string_view url);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_NOTICE_WORDS_H_
