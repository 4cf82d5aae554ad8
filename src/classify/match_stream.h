// A MatchStream reads a text that comes in chunks and hands it out again in
// order: each match with the bytes that it covers, and the bytes between.
// Joined, what it hands out is the text, byte for byte, however it was cut.
//
// Memory: it holds back what is not yet certain, about 100 KiB, however long a
// line is. Characters without width can stretch that: at kMaxHeldBytes it gives
// up rather than hand out half of a value.
//
// Thread-compatible.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       auto stream, MatchStream::Create(*scanner, {on_match, on_between}));
//   while (...) SUBROSA_RETURN_IF_ERROR(stream.Append(chunk));
//   SUBROSA_RETURN_IF_ERROR(stream.Finish());
#ifndef SUBROSA_SRC_CLASSIFY_MATCH_STREAM_H_
#define SUBROSA_SRC_CLASSIFY_MATCH_STREAM_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

class MatchStream {
 public:
  static constexpr size_t kMaxHeldBytes = 16 << 20;

  // Both are called in the order of the text. The views end with the call.
  struct Sink {
    std::function<void(const TextMatch&, absl::string_view value)> on_match;
    std::function<void(absl::string_view bytes)> on_between;
  };

  // `scanner` must outlive it. Errors as TextScanner::NewScratch.
  static absl::StatusOr<MatchStream> Create(const TextScanner& scanner,
                                            Sink sink);

  // Takes the next bytes. RESOURCE_EXHAUSTED at kMaxHeldBytes, else errors as
  // TextScanner::Append; make no further call then.
  absl::Status Append(absl::string_view chunk);

  // Hands out the rest. Call once, at the end. Errors as Append.
  absl::Status Finish();

 private:
  MatchStream(const TextScanner& scanner, Sink sink,
              std::unique_ptr<TextScanner::Scratch> scratch);

  // Hands out what lies before the offset `end`, whole matches only.
  void Release(size_t end);

  const TextScanner* scanner_;
  Sink sink_;
  std::unique_ptr<TextScanner::Scratch> scratch_;
  std::vector<TextMatch> matches_;
  std::string held_;  // The text from the offset held_begin_ on.
  size_t held_begin_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_MATCH_STREAM_H_
