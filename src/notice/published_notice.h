// A notice as it was published: our JSON, our page, or anybody's page.
//
// Our page says of each section which item of a pack it is (`data-rule`); of
// another page the text and the links are read. Nothing in a page is run or
// fetched. The bytes are not trusted: at most kMaxPublishedBytes, read in one
// pass whose memory grows with the text alone; tags that are not closed, or are
// none, end where the next begins.
#ifndef SUBROSA_SRC_NOTICE_PUBLISHED_NOTICE_H_
#define SUBROSA_SRC_NOTICE_PUBLISHED_NOTICE_H_

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

inline constexpr size_t kMaxPublishedBytes = size_t{4} << 20;

struct PublishedItem {
  std::string rule;                            // "wa-mhmda/policy#sources".
  std::vector<std::vector<std::string>> rows;  // Cells of its tables.
};

struct PublishedNotice {
  std::string version;       // Empty where it does not say.
  std::string effective_on;  // The same.
  // Empty: it is no notice of ours.
  std::vector<PublishedItem> items;
  std::set<std::string> links;  // Where it leads to, as it stands there.
  // All that a reader sees, one space between words, A to Z in lower case.
  std::string text;

  const PublishedItem* Find(absl::string_view rule) const;
  // Whether `words` stand in the text, in upper or lower case.
  bool Says(absl::string_view words) const;
};

// INVALID_ARGUMENT if `bytes` are longer than the bound, no UTF-8, or begin as
// JSON and are no notice of ours.
absl::StatusOr<PublishedNotice> ReadPublishedNotice(absl::string_view bytes);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_PUBLISHED_NOTICE_H_
