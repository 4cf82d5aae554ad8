// The prose of a value that is a document: what people wrote in JSON or in
// markup (XML, XHTML), without its structure. "Patient" in a reference to
// `Patient/17` is nobody's word, and the address of a code system is nobody's
// address.
//
// Prose is every string of JSON and all text and attribute values of markup,
// markup in a string of JSON included, but for the values of names that hold no
// words in FHIR, C-CDA and the formats of health platforms: references,
// addresses of systems and profiles, ids, codes, times. Such a value is prose
// all the same where white space stands in it. Names of members, elements and
// attributes are never prose.
//
// Thread-compatible: keeps what it read last. Internal to this room.
//
// Security: holds the text last read, until the next.
//
// Example:
//   if (!prose.Read(value)) return ReadText(value);  // No document.
//   for (const ByteSpan& piece : prose.pieces()) {
//     ReadText(prose.TextOf(piece));  // What stands in it, prose.SpanOf says.
//   }
#ifndef SUBROSA_SRC_CLASSIFY_DOCUMENT_PROSE_H_
#define SUBROSA_SRC_CLASSIFY_DOCUMENT_PROSE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/unescaped_json.h"

namespace subrosa {

class DocumentProse {
 public:
  // Reads `value`, which need not live on. False if it is no document: one
  // object or list of JSON, or markup that begins and ends with one element. It
  // is text as it stands then, and there are no pieces. Any bytes are safe;
  // time and memory are linear in them.
  bool Read(absl::string_view value);

  // Parts of the prose that belong together (a string, an element's text), in
  // order. None is empty.
  const std::vector<ByteSpan>& pieces() const { return pieces_; }

  // The words of a piece: escapes of JSON are read as what they stand for, and
  // of a tag a space is left, or a line's end where it is one of a block.
  absl::string_view TextOf(const ByteSpan& piece) const {
    return absl::string_view(text_).substr(piece.offset, piece.length);
  }

  // Where in the value that was read those bytes of the prose stand that
  // `span`, within a piece and not empty, is of.
  ByteSpan SpanOf(const ByteSpan& span) const;

  // A part of the value that says something: a string of JSON between its
  // quotes or, where that is markup, between its tags; the value of an
  // attribute; a number or a literal, which is `bare`.
  struct Said {
    ByteSpan span;
    bool bare;
    bool escaped;  // As JSON escapes.
  };
  const std::vector<Said>& said() const { return said_; }

  // `value`, which was read, for a scanner of identifiers: as it stands, but
  // for white space that JSON escapes, which stands there as spaces; a letter
  // of an escape would stick to what follows. As long as the value; valid until
  // the next call.
  absl::string_view ScanText(absl::string_view value);

  // Whether what stands in `span` of the value is, as a whole, of its
  // structure: the value of a name that holds no words.
  bool IsStructure(const ByteSpan& span) const;

 private:
  class Json;
  class Markup;

  // Bytes of the prose from `text` on stand in the value from `value` on, up to
  // the next.
  struct Shift {
    size_t text;
    size_t value;
  };

  void Clear();
  // Appends the bytes [begin, end) of `source` to the text.
  void Append(const UnescapedJson& source, size_t begin, size_t end);
  // Ends the piece that began at `begin` of the text.
  void EndPiece(size_t begin);
  // Adds to what is said bytes [begin, end) of `source`, which are some.
  void AddSaid(const UnescapedJson& source, size_t begin, size_t end);
  void AddShift(size_t value) { shifts_.push_back({text_.size(), value}); }

  std::string text_;
  std::vector<ByteSpan> pieces_;
  std::vector<Shift> shifts_;
  std::vector<Said> said_;  // Of the value, in order.
  std::string scan_text_;
  std::vector<ByteSpan> structure_;  // Of the value, in order.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_DOCUMENT_PROSE_H_
