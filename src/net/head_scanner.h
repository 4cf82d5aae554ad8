// A HeadScanner passes the head of an HTTP request byte by byte and stops at
// the first one that readers could read in two ways: a control character, a
// line that ends without CR LF or begins with a space, a name with a space
// before its colon. What stands in front of a server then cannot have
// understood another request.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_NET_HEAD_SCANNER_H_
#define SUBROSA_SRC_NET_HEAD_SCANNER_H_

#include <cstddef>
#include <cstdint>

namespace subrosa {

class HeadScanner {
 public:
  // `max_bytes` bounds the head, its empty line included.
  explicit HeadScanner(size_t max_bytes) : bytes_left_(max_bytes) {}

  // Whether the head may go on with `byte`. After false, or once done(), there
  // is nothing more to accept.
  bool Accept(char byte);

  // Whether the empty line was passed.
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State : uint8_t {
    kRequestLine,
    kRequestWord,  // After a space.
    kLineStart,
    kName,
    kValue,
    kLineEnd,  // After a CR.
    kHeadEnd,  // After a CR at a line's start.
    kDone,
  };

  size_t bytes_left_;
  State state_ = State::kRequestWord;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_HEAD_SCANNER_H_
