#include "tools/subrosa/progress.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"

namespace subrosa {

Progress::Progress(const Streams& streams)
    : streams_(streams), is_shown_(isatty(fileno(streams.err)) != 0) {}

void Progress::Show(absl::string_view text) {
  if (!is_shown_) return;
  std::fprintf(streams_.err, "\r%s", std::string(text).c_str());
  std::fflush(streams_.err);
  is_begun_ = true;
}

void Progress::ShowPercent(absl::string_view what, uint64_t done,
                           uint64_t total) {
  if (!is_shown_ || total == 0) return;
  Show(absl::StrCat(what, ": ", done * 100 / total, " %"));
}

void Progress::End() {
  if (is_begun_) std::fputc('\n', streams_.err);
  is_begun_ = false;
}

}  // namespace subrosa
