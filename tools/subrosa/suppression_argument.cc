#include "tools/subrosa/suppression_argument.h"

#include <cstdio>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kMaxFileBytes = 16 << 20;

}  // namespace

SuppressionArgument::SuppressionArgument(CommandLine* line) {
  line->AddOption("--suppressions", &file_,
                  "File of reviewed false alarms, which are counted and not "
                  "listed");
}

absl::Status SuppressionArgument::Read(const std::string& path) {
  if (file_.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(file_, kMaxFileBytes));
  absl::StatusOr<Suppressions> list = Suppressions::Parse(
      text, absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()));
  if (!list.ok()) return Annotate(list.status(), file_);
  list_ = *std::move(list);
  list_.BeginFile(path);
  return absl::OkStatus();
}

bool SuppressionArgument::Holds(absl::string_view rule_id,
                                absl::string_view field_path,
                                absl::string_view pseudonym) {
  const bool holds = list_.Suppresses(rule_id, field_path, pseudonym);
  if (holds) ++suppressed_;
  return holds;
}

void SuppressionArgument::Tell(const Streams& streams) const {
  if (file_.empty()) return;
  std::fprintf(streams.err, "%s: %llu findings suppressed\n", file_.c_str(),
               static_cast<unsigned long long>(suppressed_));
  for (const Suppression& entry : list_.entries()) {
    if (entry.used > 0) continue;
    std::fprintf(streams.err, "%s: line %d: %s\n", file_.c_str(), entry.line,
                 entry.is_expired ? "expired: review it again or remove it"
                                  : "unused here");
  }
}

}  // namespace subrosa
