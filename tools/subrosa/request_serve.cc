#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"
#include "src/portal/form_body.h"
#include "src/portal/request_pages.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/stop_signals.h"

namespace subrosa {

ExitCode RequestServe(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  std::string listen_address;
  CommandLine line(
      "request serve",
      "Serves the form by which consumers ask, and the page that says where a "
      "request stands, until it is stopped: plain HTML, no account, no script, "
      "no cookie. Plain HTTP: have a proxy end TLS, and write no bodies to its "
      "log.");
  line.AddOption("--listen", &listen_address,
                 "127.0.0.1:8080 or [::1]:8080; port 0 for any that is free",
                 Need::kRequired);
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const StopSignals stop;
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const SystemClock clock;
  RequestPages pages(*open->desk, open->policy->proto(), clock);
  HttpServerLimits limits;
  limits.max_body_bytes = kMaxFormBytes;
  const absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      listen_address,
      [&pages](const HttpRequest& request) { return pages.Handle(request); },
      limits);
  if (absl::IsInvalidArgument(server.status())) {
    return UsageError("request serve", std::string(server.status().message()),
                      streams);
  }
  if (!server.ok()) return Fail(server.status(), streams);
  const nlohmann::ordered_json json = {{"port", (*server)->port()},
                                       {"form", kRequestFormPath},
                                       {"status", kRequestStatusPath}};
  const ExitCode printed =
      Print(home.json() ? json.dump() + "\n"
                        : absl::StrCat("Serving ", kRequestFormPath, " and ",
                                       kRequestStatusPath, " on port ",
                                       (*server)->port(), ".\n"),
            streams);
  if (printed != ExitCode::kDone) return printed;
  stop.Wait();
  (*server)->Stop();
  return ExitCode::kDone;
}

}  // namespace subrosa
