#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/notice/health_data_notice.h"
#include "src/notice/inventory.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_words.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/notice.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/notice_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

absl::StatusOr<NoticeDocument> MakeNotice(const std::string& words_path,
                                          Steward& steward) {
  const LawBook& law = steward.gate().law();
  const LawEntry* const rule = law.Find(kHealthDataNoticeRule);
  if (rule == nullptr) return absl::InternalError("law: the rule is not there");
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(words_path, kMaxNoticeWordsBytes));
  SUBROSA_ASSIGN_OR_RETURN(const v1::NoticeWords words,
                           ParseNoticeWords(words_path, text, *rule));
  NoticeFacts facts;
  facts.policy = steward.gate().policy().proto();
  facts.day = CivilDayOf(DayOf(steward.clock().Now()));
  SUBROSA_ASSIGN_OR_RETURN(facts.inventory, TakeInventory(steward));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recipients,
                           steward.gate().ReadRecipients());
  for (const RecordedRecipient& recorded : recipients) {
    facts.recipients.push_back(recorded.recipient);
  }
  return WriteHealthDataNotice(law, facts, words);
}

// What a line rests on: its facts, and the rule that asks for it.
std::string Explained(const NoticeDocument& document, const NoticeLine& line,
                      const LawBook& law) {
  std::string text =
      absl::StrCat(line.id, ": ", absl::StrJoin(line.cells, " | "), "\n");
  for (const std::string& fact : line.facts) {
    absl::StrAppend(&text, "  ", fact, "\n");
  }
  const std::string key = line.id.substr(0, line.id.rfind('.'));
  for (const NoticeItem& item : document.items) {
    if (item.key != key) continue;
    const LawEntry& rule = *law.Find(kHealthDataNoticeRule);
    absl::StrAppend(&text, "asked for by ", item.rule, " (",
                    rule.rule->citation(), "): ");
    for (const v1::ContentItem& listed : rule.rule->contents().item()) {
      if (listed.key() == key) absl::StrAppend(&text, listed.text(), "\n");
    }
  }
  return text;
}

ExitCode HealthData(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::string words;
  std::string explain;
  bool html = false;
  CommandLine line("notice health-data",
                   "Writes Washington's consumer health data privacy policy "
                   "from the policy, the recipients and what is held. What "
                   "nobody has told it is listed as missing, with exit code "
                   "3.");
  line.AddOption("--words", &words, "The file of its words (docs/notices.md)",
                 Need::kRequired);
  line.AddFlag("--html", &html, "As a page in place of Markdown");
  line.AddOption("--explain", &explain,
                 "Say instead which facts and rule the line of this id rests "
                 "on; --format json has the ids");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  if (html && home.json()) {
    return UsageError("notice health-data",
                      "want --html or --format json, got both", streams);
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<NoticeDocument> document = MakeNotice(words, **steward);
  if (!document.ok()) return Fail(document.status(), streams);
  if (!explain.empty()) {
    const NoticeLine* const found = FindLine(*document, explain);
    if (found == nullptr) {
      return FailOrNo(absl::NotFoundError("--explain: want the id of a line "
                                          "of the notice, got another"),
                      streams);
    }
    return Print(Explained(*document, *found, (*steward)->gate().law()),
                 streams);
  }
  const ExitCode printed = Print(html          ? NoticeHtml(*document)
                                 : home.json() ? NoticeJson(*document)
                                               : NoticeMarkdown(*document),
                                 streams);
  if (printed != ExitCode::kDone) return printed;
  for (const std::string& missing : document->missing) {
    std::fprintf(streams.err, "subrosa: missing: %s\n", missing.c_str());
  }
  return document->missing.empty() ? ExitCode::kDone : ExitCode::kNo;
}

constexpr Command kCommands[] = {
    {"health-data", "Washington's consumer health data privacy policy",
     HealthData},
};

}  // namespace

ExitCode NoticeCommand(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  return RunFromTable({"subrosa notice",
                       "Notices to consumers, made from what is really held "
                       "and shared.",
                       kCommands},
                      arguments, streams);
}

}  // namespace subrosa
