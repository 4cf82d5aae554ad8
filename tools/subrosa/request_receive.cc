#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/request/request_desk.h"
#include "subrosa/v1/request.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/request_view_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

constexpr size_t kMaxRequestBytes = size_t{64} << 10;

absl::StatusOr<v1::Request> ReadRequest(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::string text,
      ReadFile(path == "-" ? "/dev/stdin" : path, kMaxRequestBytes));
  const size_t size = text.size();
  text.append(kJsonPaddingBytes, ' ');
  MessagePlans plans(MessageTypes::Linked());
  JsonDecoder decoder(&plans);
  std::string wire;
  SUBROSA_RETURN_IF_ERROR(
      decoder.Decode(absl::string_view(text).substr(0, size),
                     *plans.For(v1::Request::descriptor()), &wire));
  v1::Request request;
  if (request.ParseFromString(wire)) return request;
  return absl::InvalidArgumentError("request: want one, got another");
}

}  // namespace

ExitCode RequestReceive(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  std::vector<std::string> files;
  CommandLine line("request receive",
                   "Takes in a request from a form, a letter or an agent: one "
                   "subrosa.v1.Request as JSON. Prints its reference and every "
                   "clock that started. It was received now, unless "
                   "receivedAt says when.");
  line.AddArguments("file", &files, "The file, or - for standard input");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("request receive", "want one file, or -", streams);
  }
  absl::StatusOr<v1::Request> request = ReadRequest(files[0]);
  if (!request.ok()) return Fail(request.status(), streams);
  if (!request->has_received_at()) {
    request->mutable_received_at()->set_seconds(
        absl::ToUnixSeconds(absl::Now()));
  }
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::StatusOr<RequestView> view = open->desk->Receive(*request);
  if (!view.ok()) return Fail(view.status(), streams);
  return Print(home.json() ? RequestJson(*view, absl::Now()).dump() + "\n"
                           : RequestText(*view, absl::Now()),
               streams);
}

}  // namespace subrosa
