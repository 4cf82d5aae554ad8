#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/request/request_desk.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/request_view_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

constexpr uint64_t kListedUnlessSaid = 50;

enum class ListForm { kText, kJsonLines, kCsv };

// Prints each request as it comes: there may be millions.
class ListPrinter {
 public:
  ListPrinter(ListForm form, const Streams& streams)
      : form_(form), streams_(streams) {}

  absl::Status Begin() {
    return form_ == ListForm::kCsv ? Write(kRequestCsvHead) : absl::OkStatus();
  }
  absl::Status Add(const RequestView& view) {
    ++listed_;
    switch (form_) {
      case ListForm::kText:
        return Write(RequestLine(view, now_));
      case ListForm::kJsonLines:
        return Write(RequestLineJson(view, now_).dump() + "\n");
      case ListForm::kCsv:
        return Write(RequestCsv(view, now_));
    }
    return absl::OkStatus();
  }
  int64_t listed() const { return listed_; }

 private:
  absl::Status Write(absl::string_view text) {
    return Print(text, streams_) == ExitCode::kDone
               ? absl::OkStatus()
               : absl::UnavailableError("standard output: cannot write");
  }

  const ListForm form_;
  const Streams& streams_;
  const absl::Time now_ = absl::Now();
  int64_t listed_ = 0;
};

}  // namespace

ExitCode RequestList(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  uint64_t limit = kListedUnlessSaid;
  bool all = false;
  bool csv = false;
  CommandLine line(
      "request list",
      "Lists open requests, what is due first at the top, one a line; as JSON "
      "one object a line. No line names anybody.");
  line.AddNumber("--limit", &limit, "At most so many [50]");
  line.AddFlag("--all", &all, "Every request, answered ones too, in no order");
  line.AddFlag("--csv", &csv, "As comma-separated values");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (csv && home.json()) {
    return UsageError("request list", "want --csv or --format json, got both",
                      streams);
  }
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  ListPrinter printer(csv           ? ListForm::kCsv
                      : home.json() ? ListForm::kJsonLines
                                    : ListForm::kText,
                      streams);
  absl::Status status = printer.Begin();
  const auto add = [&](const RequestView& view) { return printer.Add(view); };
  if (status.ok()) {
    status = all ? open->desk->VisitAll(add)
                 : open->desk->VisitDue(static_cast<int64_t>(limit), add);
  }
  if (!status.ok()) return Fail(status, streams);
  if (csv || home.json()) return ExitCode::kDone;
  const absl::StatusOr<int64_t> count = open->desk->CountOpen();
  if (!count.ok()) return Fail(count.status(), streams);
  return Print(all ? absl::StrCat(printer.listed(), " in all, ", *count,
                                  " of them open\n")
                   : absl::StrCat(printer.listed(), " of ", *count, " open\n"),
               streams);
}

}  // namespace subrosa
