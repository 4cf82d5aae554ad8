// Bytes from strangers, as an incident.
//
// What must hold: it is taken, or refused with the file's name; what is taken
// can be written down and is taken again as the same; and its clocks, the
// notice to everybody and the letter can be made of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/text_format.h"
#include "src/law/law_book.h"
#include "src/request/incident.h"
#include "subrosa/v1/incident.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const LawBook& Book() {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book;
}

v1::Policy FtcPolicy() {
  v1::Policy policy;
  policy.set_entity("rosewater");
  policy.add_pack("us-ftc-hbnr");
  return policy;
}

void Run(absl::string_view text) {
  static const auto* const policy = new v1::Policy(FtcPolicy());
  const absl::StatusOr<v1::Incident> incident = ParseIncident("fuzz", text);
  if (!incident.ok()) {
    Require(absl::IsInvalidArgument(incident.status()));
    Require(absl::StartsWith(incident.status().message(), "fuzz"));
    return;
  }
  std::string written;
  Require(google::protobuf::TextFormat::PrintToString(*incident, &written));
  if (written.size() <= kMaxIncidentBytes) {
    const absl::StatusOr<v1::Incident> again = ParseIncident("fuzz", written);
    Require(again.ok() &&
            again->SerializeAsString() == incident->SerializeAsString());
  }
  Require(IncidentClocksOf(Book(), *policy, *incident).ok());
  Require(SubstituteNoticeOf(Book(), *policy, *incident).ok());
  // It begins to apply on a day, and asks for nothing before.
  const auto notice = WriteIncidentNotice(Book(), *policy, *incident);
  Require(notice.ok() || absl::IsFailedPrecondition(notice.status()));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 2 * subrosa::kMaxIncidentBytes) return 0;
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
