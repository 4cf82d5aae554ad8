#include "src/ingest/xml_prolog.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

constexpr absl::string_view kComment = "<!--";
constexpr absl::string_view kInstruction = "<?";
constexpr absl::string_view kDeclaration = "<!DOCTYPE";

// One past `mark` in `text` from `from` on; npos if it is not there.
size_t After(absl::string_view text, absl::string_view mark, size_t from) {
  const size_t at = text.find(mark, from);
  return at == absl::string_view::npos ? at : at + mark.size();
}

// One past the declaration that begins at `from`; npos if it does not end.
// What is declared in it is not understood, since real ones are broken: a
// subset in brackets ends with the first "]" and ">" outside comments.
size_t AfterDeclaration(absl::string_view text, size_t from) {
  bool in_subset = false;
  for (size_t at = from; at < text.size(); ++at) {
    if (absl::StartsWith(text.substr(at), kComment)) {
      at = After(text, "-->", at);
      if (at == absl::string_view::npos) return at;
      --at;
    } else if (text[at] == '[') {
      in_subset = true;
    } else if (text[at] == '>' && !in_subset) {
      return at + 1;
    } else if (text[at] == ']' && in_subset) {
      const size_t next = text.find_first_not_of(" \t\r\n", at + 1);
      if (next == absl::string_view::npos) return next;
      if (text[next] == '>') return next + 1;
    }
  }
  return absl::string_view::npos;
}

}  // namespace

bool XmlProlog::Scan() {
  const absl::string_view text = held_;
  for (;;) {
    const size_t mark = text.find('<', at_);
    if (mark == absl::string_view::npos) return false;
    // So many bytes tell what begins here.
    if (text.size() - mark < kDeclaration.size()) return false;
    const absl::string_view here = text.substr(mark);
    size_t end;
    if (absl::StartsWith(here, kInstruction)) {
      end = After(text, "?>", mark);
    } else if (absl::StartsWith(here, kComment)) {
      end = After(text, "-->", mark + kComment.size());
    } else if (absl::StartsWith(here, kDeclaration)) {
      end = AfterDeclaration(text, mark);
      if (end != absl::string_view::npos) {
        std::replace_if(
            held_.begin() + static_cast<std::ptrdiff_t>(mark),
            held_.begin() + static_cast<std::ptrdiff_t>(end),
            [](char c) { return c != '\n'; }, ' ');
      }
    } else {
      return true;
    }
    if (end == absl::string_view::npos) return false;
    at_ = end;
  }
}

absl::StatusOr<absl::string_view> XmlProlog::Take(absl::string_view bytes,
                                                  bool is_last) {
  held_.append(bytes.data(), bytes.size());
  done_ = Scan() || is_last;
  if (done_) return absl::string_view(held_);
  if (held_.size() > kMaxBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "XML: want its first element within ", kMaxBytes, " bytes, got none"));
  }
  return absl::string_view();
}

}  // namespace subrosa
