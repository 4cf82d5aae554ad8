// A BundleSplitter finds the resources of FHIR JSON of any size: those of a
// Bundle's entries, one after another and without reading the rest, and
// resources that stand alone, over any number of lines.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_BUNDLE_SPLITTER_H_
#define SUBROSA_SRC_INGEST_BUNDLE_SPLITTER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/json_cursor.h"

namespace subrosa {

struct BundlePart {
  enum class Kind {
    kResource,   // `resource` is one; its parser says whether it is valid.
    kReject,     // An entry that has none that can be read, and why.
    kBundleEnd,  // The Bundle is over; what comes next belongs to another.
    kEnd,        // The file is over.
  };
  Kind kind = Kind::kEnd;

  // Of entries and lone resources of the file, from 1. At the end: how many.
  uint64_t number = 0;

  // Where the entry starts. At the end: the length of the file.
  uint64_t byte_offset = 0;

  bool is_in_bundle = false;  // It is an entry, not a resource that is alone.

  absl::Status reject;  // INVALID_ARGUMENT, where `kind` is kReject.

  // The entry's fullUrl, a string with its quotes; of size 0 without one.
  JsonPiece full_url;

  JsonPiece resource;
};

class BundleSplitter {
 public:
  // Reads `input` from where it stands. An entry, and a resource that stands
  // alone, holds at most `max_entry_bytes`; what is longer is passed over in
  // constant memory and rejected.
  BundleSplitter(BufferedInput input, size_t max_entry_bytes);

  // Finds the next part. A file that ends too early gives a reject, then the
  // end.
  //
  // INVALID_ARGUMENT if nobody can say where the next entry starts: brackets
  // that do not match, something else than JSON between entries. UNAVAILABLE if
  // the system fails. Make no further call then.
  absl::StatusOr<BundlePart> Next();

  // The bytes of `piece` of the part given last. kJsonPaddingBytes are readable
  // behind it. Valid until the next call of Next.
  absl::string_view Text(const JsonPiece& piece) const {
    return cursor_.Text(piece);
  }

  uint64_t bytes_read() const { return cursor_.offset(); }

  // Reads parts of before again, if the file is one that can be read again.
  BufferedInput* input() { return cursor_.input(); }

 private:
  // Where the cursor stands.
  enum class Place {
    kOutside,  // Between two objects of the file.
    kMembers,  // Among the members of a Bundle.
    kEntries,  // In the list `entry` of a Bundle.
    kOver,     // Behind what can be read.
  };

  // Each goes on from its place; false if the cursor stopped. `found` says
  // whether `part` was found.
  bool GoOutside(BundlePart* part, bool* found);
  bool GoThroughMembers(BundlePart* part, bool* found);
  bool GoThroughEntries(BundlePart* part, bool* found);

  bool LooksLikeBundle(bool* is_bundle);
  bool TakeEntry(BundlePart* part);
  bool TakeEntryMembers(BundlePart* part);
  bool TakeComma(char end, bool* is_first, bool* is_over);
  void Reject(absl::string_view path, absl::string_view want,
              absl::string_view got, BundlePart* part);
  void StartPart(BundlePart* part);
  absl::StatusOr<BundlePart> Stopped(bool is_within, BundlePart part);

  JsonCursor cursor_;
  size_t max_entry_bytes_;
  Place place_ = Place::kOutside;
  uint64_t number_ = 0;
  bool is_first_member_ = true;
  bool is_first_entry_ = true;
  bool has_entries_ = false;
  bool has_type_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_BUNDLE_SPLITTER_H_
