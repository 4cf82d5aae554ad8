// age's ASCII armor: a binary file as lines of base64 between two fixed lines,
// for places that keep only text. Strict: 64 columns, canonical, nothing but
// white space around it (docs/formats/age.md).
//
// Thread-compatible. Nothing here is secret.
#ifndef SUBROSA_SRC_CRYPTO_AGE_ARMOR_H_
#define SUBROSA_SRC_CRYPTO_AGE_ARMOR_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "src/crypto/age_io.h"

namespace subrosa {

// White space is allowed before and after, up to this many bytes each.
inline constexpr size_t kArmorMaxOuterSpaceBytes = 1024;

// Writes what is appended to `out` (which must outlive it), armored.
class ArmorSink : public ByteSink {
 public:
  explicit ArmorSink(ByteSink* out) : out_(out) {}

  // Errors of `out`, which are final.
  absl::Status Append(absl::string_view bytes) override;

  // Writes the last line and the footer. To be called once, last.
  absl::Status Finish();

 private:
  absl::Status Begin();

  ByteSink* out_;
  bool begun_ = false;
  // The bytes of a line that is not full yet.
  std::string line_;
  std::string text_;
};

// Reads armored text from `in` (which must outlive it) and gives the bytes.
//
// Read returns INVALID_ARGUMENT ("age.armor: ...", with the line's number) for
// text that is not strict armor; errors of `in` as they are. An error is
// final.
class ArmorSource : public ByteSource {
 public:
  explicit ArmorSource(ByteSource* in);

  absl::StatusOr<size_t> Read(absl::Span<char> out) override;

 private:
  enum class State { kBeforeHeader, kBody, kLastLineRead, kAfterFooter };

  absl::Status Fill();
  absl::StatusOr<absl::optional<absl::string_view>> TakeLine();
  absl::Status SkipOuterSpace();
  size_t DecodeFullLines(absl::Span<char> out);
  absl::Status DecodeNextLine();
  absl::Status Malformed(absl::string_view what) const;

  ByteSource* in_;
  State state_ = State::kBeforeHeader;
  absl::Status status_;
  // Text that was read and not decoded: buffer_[begin_, end_).
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;
  size_t lines_ = 0;
  // Bytes of a line that did not fit the caller's `out`.
  std::string decoded_;
  size_t decoded_taken_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_ARMOR_H_
