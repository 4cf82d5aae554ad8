// An XmlProlog blanks out what stands before a document's first element and
// could do harm there: the document type declaration, with all that it
// declares. Internal to XmlItems.
#ifndef SUBROSA_SRC_INGEST_XML_PROLOG_H_
#define SUBROSA_SRC_INGEST_XML_PROLOG_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

class XmlProlog {
 public:
  // The most bytes that may stand before the first element.
  static constexpr size_t kMaxBytes = size_t{1} << 20;

  // Takes the document's next bytes. Returns what is to be parsed of all that
  // was taken and not returned before: the same bytes, the declaration's as
  // spaces, so that places stay what they are. Empty while its end is not yet
  // seen. `is_last`: nothing follows.
  //
  // INVALID_ARGUMENT if more than kMaxBytes stand before the first element.
  absl::StatusOr<absl::string_view> Take(absl::string_view bytes, bool is_last);

  // The first element was seen: Take is no longer needed.
  bool is_done() const { return done_; }

 private:
  // How far the held bytes are understood. Returns false if more are needed.
  bool Scan();

  std::string held_;
  size_t at_ = 0;
  bool done_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_XML_PROLOG_H_
