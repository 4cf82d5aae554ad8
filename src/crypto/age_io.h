// Where age reads from and writes to: bytes in memory or a file descriptor.
// A caller with another kind of stream implements the same two functions.
//
// Thread-compatible; one stream serves one reader or writer at a time.
#ifndef SUBROSA_SRC_CRYPTO_AGE_IO_H_
#define SUBROSA_SRC_CRYPTO_AGE_IO_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

// A stream that is read once, from front to end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Puts 1 to `out.size()` bytes into `out` (not empty) and returns how many;
  // 0 means the end, and stays the answer. An error is final.
  virtual absl::StatusOr<size_t> Read(absl::Span<char> out) = 0;
};

// A stream that is written once, from front to end.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  // Takes all of `bytes`, which may be wiped as soon as the call returns.
  // After an error nobody can tell how much was taken: stop.
  virtual absl::Status Append(absl::string_view bytes) = 0;
};

// Fills `out` from `source`. Returns fewer than `out.size()` only at the end.
absl::StatusOr<size_t> ReadFully(ByteSource* source, absl::Span<char> out);

// Reads `bytes`, which must outlive it.
class StringSource : public ByteSource {
 public:
  explicit StringSource(absl::string_view bytes) : rest_(bytes) {}
  absl::StatusOr<size_t> Read(absl::Span<char> out) override;

 private:
  absl::string_view rest_;
};

// Gives `front`, then what `in` (which must outlive it) still has.
class PrefixedSource : public ByteSource {
 public:
  PrefixedSource(std::string front, ByteSource* in)
      : front_(std::move(front)), in_(in) {}
  absl::StatusOr<size_t> Read(absl::Span<char> out) override;

 private:
  std::string front_;
  size_t taken_ = 0;
  ByteSource* in_;
};

// Appends to `*out`, which must outlive it. The string grows by doubling and
// leaves copies behind: for public bytes and small things only.
class StringSink : public ByteSink {
 public:
  explicit StringSink(std::string* out) : out_(out) {}
  absl::Status Append(absl::string_view bytes) override;

 private:
  std::string* out_;
};

// Reads `fd`, which it does not own. Errors as ErrnoStatus; `name` stands in
// front of the message.
class FdSource : public ByteSource {
 public:
  FdSource(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  absl::StatusOr<size_t> Read(absl::Span<char> out) override;

 private:
  int fd_;
  std::string name_;
};

// Writes `fd`, which it does not own. Errors as ErrnoStatus; `name` stands in
// front of the message.
class FdSink : public ByteSink {
 public:
  FdSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  absl::Status Append(absl::string_view bytes) override;

 private:
  int fd_;
  std::string name_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_IO_H_
