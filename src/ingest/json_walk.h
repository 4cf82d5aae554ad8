// A JsonWalk passes over the strings and brackets of the first bytes of JSON,
// so that its outline can be told before it is parsed.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_JSON_WALK_H_
#define SUBROSA_SRC_INGEST_JSON_WALK_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace subrosa {

class JsonWalk {
 public:
  // `text` must outlive this.
  explicit JsonWalk(absl::string_view text) : text_(text) {}

  // Goes on to the next string or bracket. False if there is none, or a string
  // whose end is not there.
  bool Next() {
    for (; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '{':
        case '[':
          return PassBracket(1);
        case '}':
        case ']':
          return PassBracket(-1);
        case '"':
          return PassString();
        default:
          break;
      }
    }
    return false;
  }

  // What follows, after white space, is `c`.
  bool IsBefore(char c) const {
    const size_t next = text_.find_first_not_of(" \t\r\n", at_);
    return next != absl::string_view::npos && text_[next] == c;
  }

  // How many brackets are open.
  int depth() const { return depth_; }

  // The string passed over, with its quotes; empty for a bracket.
  absl::string_view word() const { return word_; }

 private:
  bool PassBracket(int step) {
    depth_ += step;
    ++at_;
    word_ = {};
    return true;
  }

  bool PassString() {
    const size_t start = at_;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return false;
    ++at_;
    word_ = text_.substr(start, at_ - start);
    return true;
  }

  absl::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  absl::string_view word_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_WALK_H_
