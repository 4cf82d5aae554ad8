// How far long work has come: one line on the terminal that is written over,
// and nothing where standard error is a file.
//
// Thread-compatible.
#ifndef SUBROSA_TOOLS_SUBROSA_PROGRESS_H_
#define SUBROSA_TOOLS_SUBROSA_PROGRESS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "tools/subrosa/command.h"

namespace subrosa {

class Progress {
 public:
  explicit Progress(const Streams& streams);
  // Ends.
  ~Progress() { End(); }

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether anyone sees it.
  bool is_shown() const { return is_shown_; }

  void Show(absl::string_view text);
  // "`what`: 12 %".
  void ShowPercent(absl::string_view what, uint64_t done, uint64_t total);

  // Leaves the line as it is. To be called before anything else is printed.
  void End();

 private:
  const Streams& streams_;
  const bool is_shown_;
  bool is_begun_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_PROGRESS_H_
