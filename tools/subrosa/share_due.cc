// What recipients have still to be told to delete: listed, and settled once
// they answered.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/classify/taxonomy_facts.h"
#include "src/disclosure/due_notices.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/key_text.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_command.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

std::string ReasonOf(const v1::DueNotice& notice) {
  return absl::AsciiStrToLower(absl::StripPrefix(
      v1::NoticeReason_Name(notice.reason()), "NOTICE_REASON_"));
}

std::vector<std::string> CategoriesOf(const v1::DueNotice& notice) {
  std::vector<std::string> slugs;
  for (const int category : notice.category()) {
    slugs.emplace_back(Slug(static_cast<v1::HealthCategory>(category)));
  }
  return slugs;
}

std::string QueuedOn(const v1::DueNotice& notice) {
  return DateText(DayOf(absl::FromUnixSeconds(notice.queued_at().seconds())));
}

std::string NoticeText(const std::string& id, const v1::DueNotice& notice,
                       int32_t today) {
  std::string text =
      absl::StrCat(id, ": ", notice.recipient_name(), " (", notice.recipient(),
                   "), ", notice.recipient_contact(), "\n  ", ReasonOf(notice),
                   ", queued ", QueuedOn(notice));
  if (notice.due_day() != 0) {
    absl::StrAppend(&text,
                    IsOverdue(notice, today) ? ", overdue since " : ", due ",
                    DateText(notice.due_day()));
  }
  absl::StrAppend(&text, "\n  to delete what it was given for ",
                  absl::StrJoin(notice.purpose(), ", "));
  if (notice.reason() == v1::NOTICE_REASON_PART) {
    absl::StrAppend(&text, ": ",
                    notice.category().empty()
                        ? "of whatever kind"
                        : absl::StrJoin(CategoriesOf(notice), ", "),
                    ", collected ", DateText(notice.collected_first_day()),
                    " to ", DateText(notice.collected_last_day()));
  }
  absl::StrAppend(
      &text, "\n  of ", absl::StrJoin(notice.pseudonym(), ", "),
      notice.pseudonym().empty() || !notice.has_unnamed() ? "" : "; ",
      notice.has_unnamed() ? "somebody whose name there is not on record" : "",
      "\n");
  return text;
}

nlohmann::ordered_json NoticeJson(const std::string& id,
                                  const v1::DueNotice& notice, int32_t today) {
  const bool is_part = notice.reason() == v1::NOTICE_REASON_PART;
  const auto day_or_null = [is_part](int32_t day) {
    return is_part ? nlohmann::ordered_json(DateText(day))
                   : nlohmann::ordered_json();
  };
  return {{"notice", id},
          {"recipient", notice.recipient()},
          {"name", notice.recipient_name()},
          {"contact", notice.recipient_contact()},
          {"reason", ReasonOf(notice)},
          {"pseudonyms", notice.pseudonym()},
          {"unnamed", notice.has_unnamed()},
          {"purposes", notice.purpose()},
          {"categories", CategoriesOf(notice)},
          {"collected_first_day", day_or_null(notice.collected_first_day())},
          {"collected_last_day", day_or_null(notice.collected_last_day())},
          {"first_day", DateText(notice.first_day())},
          {"last_day", DateText(notice.last_day())},
          {"disclosures", notice.disclosures()},
          {"queued", QueuedOn(notice)},
          {"due", DateOrNull(notice.due_day())},
          {"overdue", IsOverdue(notice, today)}};
}

}  // namespace

ExitCode ShareDue(absl::Span<const std::string> arguments,
                  const Streams& streams) {
  std::string recipient;
  CommandLine line(
      "share due",
      "Lists the notices to delete that recipients have still to be told, or "
      "to answer: after an erasure of a part, or a revocation. Deletes those "
      "whose year is over, which no key opens for long, and says how many. The "
      "exit code is 3 if there were any, or if one is overdue.");
  line.AddOption("--recipient", &recipient, "Of this recipient alone [all]");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Sharing>> sharing =
      (*steward)->OpenSharing();
  if (!sharing.ok()) return Fail(sharing.status(), streams);
  const absl::StatusOr<int64_t> expired = (*sharing)->notices().DeleteExpired();
  if (!expired.ok()) return Fail(expired.status(), streams);
  // Now or never: nothing is left of them that could say so again.
  if (*expired > 0) {
    std::fputs(
        absl::StrCat("subrosa: ", *expired,
                     " notices ended with their year, and nobody had settled "
                     "them: what their recipients were told, your own files "
                     "have to say\n")
            .c_str(),
        streams.err);
  }
  const int32_t today = DayOf((*steward)->clock().Now());
  int64_t due = 0;
  int64_t overdue = 0;
  // As they come: there may be as many as consumers.
  const absl::Status listed = (*sharing)->notices().Visit(
      recipient,
      [&](absl::string_view notice_ref, const v1::DueNotice& notice) {
        ++due;
        overdue += IsOverdue(notice, today) ? 1 : 0;
        const std::string id = absl::BytesToHexString(notice_ref);
        return Print(home.json() ? NoticeJson(id, notice, today).dump() + "\n"
                                 : NoticeText(id, notice, today),
                     streams) == ExitCode::kDone
                   ? absl::OkStatus()
                   : absl::UnavailableError("standard output: cannot write");
      });
  if (!listed.ok()) return Fail(listed, streams);
  if (!home.json()) {
    const ExitCode printed = Print(
        due == 0 ? "Nobody has to be told.\n"
                 : absl::StrCat(due, " due, ", overdue, " of them overdue.\n"),
        streams);
    if (printed != ExitCode::kDone) return printed;
  }
  return overdue > 0 || *expired > 0 ? ExitCode::kNo : ExitCode::kDone;
}

ExitCode ShareSettle(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  std::string id;
  CommandLine line(
      "share settle",
      "Records that a recipient was told what a notice says, and has answered: "
      "the notice is forgotten. The exit code is 3 if there is none such.");
  line.AddOption("--notice", &id, "The notice, as `share due` lists it",
                 Need::kRequired);
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (id.size() != 2 * kNoticeRefBytes ||
      !std::all_of(id.begin(), id.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      })) {
    return UsageError("share settle",
                      absl::StrCat("--notice: want ", 2 * kNoticeRefBytes,
                                   " hexadecimal digits, got something else"),
                      streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Sharing>> sharing =
      (*steward)->OpenSharing();
  if (!sharing.ok()) return Fail(sharing.status(), streams);
  const absl::Status settled =
      (*sharing)->notices().Settle(absl::HexStringToBytes(id));
  if (!settled.ok()) return FailOrDenied(settled, streams);
  return Print(home.json()
                   ? nlohmann::ordered_json{{"settled", true}}.dump() + "\n"
                   : "Settled: the notice is forgotten.\n",
               streams);
}

}  // namespace subrosa
