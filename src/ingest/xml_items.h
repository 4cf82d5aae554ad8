// An XmlItems reads an XML document of any size, item by item, in memory
// bounded by the largest item: what is an item (a sample, an entry of a
// section) its visitor says.
//
// It stands on Expat, and gives it no document type declaration: real exports
// carry broken ones, and without one no entity can be declared, so that none
// can grow (a "billion laughs") or name a file. Control characters that XML
// forbids, which real exports hold too, are read as spaces.
//
// Thread-compatible.
//
// Security: nothing outside the document is ever opened.
#ifndef SUBROSA_SRC_INGEST_XML_ITEMS_H_
#define SUBROSA_SRC_INGEST_XML_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/document_bytes.h"

namespace subrosa {

// What an XmlItems calls. Names and values are UTF-8, valid during the call.
class XmlVisitor {
 public:
  virtual ~XmlVisitor() = default;

  // An element begins, `depth` elements deep (the document's own is 1).
  // `attributes` are name, value, name, value, ..., null. Returns true if it is
  // an item; that is asked of elements outside items alone.
  virtual bool Begins(int depth, const char* name,
                      const char* const* attributes) = 0;

  // An element within an item begins (the item itself included) or ends.
  virtual void Start(const char* name, const char* const* attributes) = 0;
  virtual void End(const char* name) = 0;

  // Text between elements, in as many pieces as Expat likes.
  virtual void Text(absl::string_view text) = 0;

  // The item has grown longer than allowed: nothing more of it is visited, not
  // the ends of what is open either. What was kept of it can go.
  virtual void Drop() = 0;

  // An element outside items ends.
  virtual void Left(const char* name) = 0;

  // True if the text that comes next is of use. Asked, under XmlText::kAsked,
  // where an element within an item has begun or ended.
  virtual bool WantsText() const { return true; }
};

// The value of the attribute `name` among `attributes`, as XmlVisitor takes
// them; empty if there is none.
inline absl::string_view XmlAttribute(const char* const* attributes,
                                      absl::string_view name) {
  for (; attributes[0] != nullptr; attributes += 2) {
    if (name == attributes[0]) return attributes[1];
  }
  return {};
}

enum class XmlNames {
  kStrict,
  kJoined,  // Spaces within attributes' names, which XML forbids, are read `_`.
};

enum class XmlText {
  kWanted,   // All text is visited.
  kIgnored,  // None is.
  kAsked,    // That within items is, where XmlVisitor::WantsText says so.
};

class XmlItems {
 public:
  // Deeper than this a document is not read on: each level takes memory.
  static constexpr int kMaxXmlDepth = 1024;

  // `source` and `visitor` are not owned and must outlive this. An item holds
  // at most `max_item_bytes`, and so does a tag. `text` says what text is
  // visited: to leave it out saves time.
  XmlItems(DocumentBytes* source, XmlVisitor* visitor, size_t max_item_bytes,
           XmlText text, XmlNames names = XmlNames::kStrict);
  ~XmlItems();
  XmlItems(const XmlItems&) = delete;
  XmlItems& operator=(const XmlItems&) = delete;

  enum class Step {
    kItem,     // An item has ended.
    kTooLong,  // One has that was longer than allowed: XmlVisitor::Drop.
    kTooDeep,  // One has with more than kMaxDepth levels: not visited below.
    kEnd,      // The document has ended, well-formed.
  };

  // Reads on to the end of the next item.
  //
  // INVALID_ARGUMENT, `line …: want …, got …`, for what is not well-formed, for
  // UTF-16, for elements nested deeper than kMaxDepth outside items or than
  // kMaxXmlDepth at all, for a tag that is too long, and for a document that
  // ends early. Errors of the source. Make no further call then.
  absl::StatusOr<Step> Next();

  // The item's bytes as they stand in the document, after kItem; valid until
  // the next call.
  absl::string_view raw() const;

  // Where the item begins, in bytes of the document.
  uint64_t offset() const;

  // How many bytes were taken from the source.
  uint64_t bytes_read() const;

 private:
  class Parser;  // Keeps Expat out of this header.
  std::unique_ptr<Parser> parser_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_XML_ITEMS_H_
