// A RequestSocket reads HTTP requests off a connection and writes responses,
// within bounds of size and time. It knows where a request's head ends
// (head_scanner.h) and no more of HTTP.
//
// Thread-compatible. Owns the descriptor.
#ifndef SUBROSA_SRC_NET_REQUEST_SOCKET_H_
#define SUBROSA_SRC_NET_REQUEST_SOCKET_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/net/head_scanner.h"

namespace subrosa {

class RequestSocket {
 public:
  RequestSocket(UniqueFd fd, size_t max_head_bytes);

  int fd() const { return fd_.get(); }

  // Waits for the first byte of a request for `idle`, and then gives the rest
  // of it `request` to come. False if none came or the peer closed.
  bool WaitForRequest(absl::Duration idle, absl::Duration request);

  // Reads at most `size` bytes of the head: how many were read; 0 at its end;
  // -1 if the head is longer than allowed, malformed, late or cut off.
  int ReadHead(char* bytes, size_t size);

  // Reads the `size` bytes after the head. False if they do not come in time.
  bool ReadBody(size_t size, std::string* body);

  // From now on writing may take `response` in all.
  void BeginResponse(absl::Duration response);

  // Writes all of `bytes`. False if the peer closed or does not read in time.
  bool Write(absl::string_view bytes);

  // Ends the connection so that a peer that is still sending gets to read what
  // was written: takes in some of what comes, for a second at most.
  void Finish();

 private:
  // Reads what has come into the empty buffer. False on an end, error or if
  // nothing comes by `until`.
  bool Fill(absl::Time until);

  UniqueFd fd_;
  const size_t max_head_bytes_;
  char buffer_[4096];
  size_t begin_ = 0;
  size_t end_ = 0;

  HeadScanner head_;
  absl::Time read_until_;   // By the steady clock, see the source.
  absl::Time write_until_;  // Likewise.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_REQUEST_SOCKET_H_
