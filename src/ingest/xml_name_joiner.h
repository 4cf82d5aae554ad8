// An XmlNameJoiner mends tags whose attributes' names hold spaces, as some
// applications make Apple Health write them (`Health Mate App Version="2"`):
// it writes each such space as `_`, so that every byte stays at its place.
// Nothing else is changed: text, values and comments keep their spaces.
// Internal to XmlItems.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_XML_NAME_JOINER_H_
#define SUBROSA_SRC_INGEST_XML_NAME_JOINER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

class XmlNameJoiner {
 public:
  // Takes the document's next bytes, in pieces of any size. Returns what is to
  // be parsed of all that was taken and not returned before; only spaces at the
  // end of a piece wait for the next. `is_last`: nothing follows. Valid until
  // the next call.
  absl::string_view Take(absl::string_view bytes, bool is_last);

 private:
  enum class State {
    kText,     // Between tags.
    kOpen,     // Behind `<`.
    kElement,  // In an element's name.
    kTag,      // Behind it, outside values.
    kValue,    // Within quotes.
    kEndTag,
    kMarkup,  // A comment, a CDATA section, an instruction.
  };

  // Each goes on from `at`, where its state holds, and returns where the next
  // one does.
  size_t InTag(absl::string_view bytes, size_t at);
  size_t InMarkup(absl::string_view bytes, size_t at);
  void Join(absl::string_view bytes, size_t begin, size_t end);

  State state_ = State::kText;
  char quote_ = '"';
  bool has_word_ = false;  // A name without its `=` yet.
  size_t gap_ = 0;         // Where the spaces behind it begin.
  bool has_gap_ = false;
  char markup_ = '!';   // What must stand before `>` to end it; `!`: nothing.
  std::string before_;  // The last two bytes of it.
  std::string held_;
  std::string given_;
  std::string mended_;
  bool is_mended_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_XML_NAME_JOINER_H_
