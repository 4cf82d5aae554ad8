// A SampleSplitter finds the objects of JSON of any size that is not one object
// a line: those of a list, of the list `records` of a document, or objects one
// after another over any number of lines.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_SPLITTER_H_
#define SUBROSA_SRC_INGEST_SAMPLE_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/json_cursor.h"

namespace subrosa {

struct SampleText {
  enum class Kind { kText, kReject, kEnd };
  Kind kind = Kind::kEnd;

  // The object, or whatever stands in its place. kJsonPaddingBytes are readable
  // behind it. Valid until the next call.
  absl::string_view text;

  uint64_t number = 0;       // From 1. At the end: how many there were.
  uint64_t byte_offset = 0;  // Of its first byte. At the end: of the file's.
  absl::Status reject;       // INVALID_ARGUMENT, where `kind` is kReject.
};

class SampleSplitter {
 public:
  // Reads `input` from where it stands. Objects hold at most `max_bytes`; what
  // is longer is passed over in constant memory and rejected. A document's
  // members beside `records` are passed over.
  SampleSplitter(BufferedInput input, size_t max_bytes)
      : cursor_(std::move(input), max_bytes), max_bytes_(max_bytes) {}

  // Finds the next object. A file that ends too early gives a reject, then the
  // end.
  //
  // INVALID_ARGUMENT if nobody can say where the next object starts.
  // UNAVAILABLE if the system fails. Make no further call then.
  absl::StatusOr<SampleText> Next();

  uint64_t bytes_read() const { return cursor_.offset(); }

 private:
  // Where the cursor stands.
  enum class Place {
    kOutside,  // Between two values of the file.
    kMembers,  // Among the members of a document.
    kList,     // In a list of objects.
    kOver,     // Behind what can be read.
  };

  // Each goes on from its place; false if the cursor stopped. `found` says
  // whether `sample` was found.
  bool GoOutside(SampleText* sample, bool* found);
  bool GoThroughMembers();
  bool GoThroughList(SampleText* sample, bool* found);

  bool IsDocument(bool* is_document);
  bool EndsOrGoesOn(char end, bool* is_first, bool* ends);
  bool TakeSample(SampleText* sample, bool* found);
  absl::StatusOr<SampleText> Stopped(bool is_within, SampleText sample);

  JsonCursor cursor_;
  const size_t max_bytes_;
  Place place_ = Place::kOutside;
  bool is_in_document_ = false;
  bool is_first_member_ = true;
  bool is_first_item_ = true;
  uint64_t number_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_SPLITTER_H_
