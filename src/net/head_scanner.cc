#include "src/net/head_scanner.h"

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

// RFC 9110, section 5.6.2.
bool IsTokenByte(char byte) {
  return absl::ascii_isalnum(byte) ||
         (byte != '\0' && absl::string_view("!#$%&'*+-.^_`|~").find(byte) !=
                              absl::string_view::npos);
}

}  // namespace

bool HeadScanner::Accept(char byte) {
  if (bytes_left_ == 0) return false;
  --bytes_left_;
  switch (state_) {
    case State::kRequestLine:
      if (byte == '\r') {
        state_ = State::kLineEnd;
        return true;
      }
      if (byte == ' ') {
        state_ = State::kRequestWord;
        return true;
      }
      // A fragment is the client's own business.
      return absl::ascii_isgraph(byte) && byte != '#';
    case State::kRequestWord:
      state_ = State::kRequestLine;
      return absl::ascii_isgraph(byte) && byte != '#';
    case State::kLineStart:
      if (byte == '\r') {
        state_ = State::kHeadEnd;
        return true;
      }
      state_ = State::kName;
      return IsTokenByte(byte);
    case State::kName:
      if (byte == ':') {
        state_ = State::kValue;
        return true;
      }
      return IsTokenByte(byte);
    case State::kValue:
      if (byte == '\r') {
        state_ = State::kLineEnd;
        return true;
      }
      return byte == '\t' || !absl::ascii_iscntrl(byte);
    case State::kLineEnd:
      state_ = State::kLineStart;
      return byte == '\n';
    case State::kHeadEnd:
      state_ = State::kDone;
      return byte == '\n';
    case State::kDone:
      return false;
  }
  return false;
}

}  // namespace subrosa
