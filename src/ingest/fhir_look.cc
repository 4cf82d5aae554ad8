#include "src/ingest/fhir_look.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSpace = " \t\r\n";

// Passes over the strings and brackets of JSON.
class Walk {
 public:
  explicit Walk(absl::string_view text) : text_(text) {}

  // Goes on to the next string or bracket. False if there is none, or a string
  // whose end is not there.
  bool Next() {
    for (; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '{':
        case '[':
          ++depth_;
          ++at_;
          word_ = {};
          return true;
        case '}':
        case ']':
          --depth_;
          ++at_;
          word_ = {};
          return true;
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
    const size_t next = text_.find_first_not_of(kSpace, at_);
    return next != absl::string_view::npos && text_[next] == c;
  }

  int depth() const { return depth_; }

  // The string passed over, with its quotes; empty for a bracket.
  absl::string_view word() const { return word_; }

 private:
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

}  // namespace

FhirLook LookForFhir(absl::string_view start) {
  const size_t first = start.find_first_not_of(kSpace);
  if (first == absl::string_view::npos) return FhirLook::kMore;
  if (start[first] != '{') return FhirLook::kNone;
  Walk walk(start);
  while (walk.Next()) {
    if (walk.depth() == 0) return FhirLook::kNone;
    if (walk.depth() != 1 || !walk.IsBefore(':')) continue;
    if (walk.word() != "\"resourceType\"") continue;
    // A value of another kind is for the mapper to refuse.
    if (!walk.Next()) return FhirLook::kMore;
    return walk.word() == "\"Bundle\"" ? FhirLook::kBundle
                                       : FhirLook::kResource;
  }
  return FhirLook::kMore;
}

bool EndsItsObject(absl::string_view line) {
  Walk walk(line);
  while (walk.Next()) {
    if (walk.depth() == 0) return true;
  }
  return false;
}

}  // namespace subrosa
