#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/law/law_book.h"
#include "src/notice/gather_facts.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_facts.h"
#include "src/notice/notice_words.h"
#include "src/notice/notice_writer.h"
#include "src/notice/readability.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/notice.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/notice_parts.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// One notice, and the rules whose contents it may have: by the state's word
// where there are several, the first is meant unless another is asked for.
struct NoticeKind {
  const char* command;
  const char* description;
  std::vector<std::pair<std::string, const char*>> rules;
  // It is about one purpose, and maybe one recipient.
  bool is_for_one_purpose;
};

absl::StatusOr<NoticeDocument> MakeNotice(const std::string& rule_id,
                                          const std::string& words_path,
                                          const std::string& purpose,
                                          const std::string& recipient,
                                          Steward& steward) {
  const LawBook& law = steward.gate().law();
  const LawEntry* const rule = law.Find(rule_id);
  if (rule == nullptr) return absl::InternalError("law: the rule is not there");
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(words_path, kMaxNoticeWordsBytes));
  SUBROSA_ASSIGN_OR_RETURN(const v1::NoticeWords words,
                           ParseNoticeWords(words_path, text, *rule));
  SUBROSA_ASSIGN_OR_RETURN(NoticeFacts facts, GatherNoticeFacts(steward));
  if (!purpose.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(facts,
                             FactsOfOnePurpose(facts, purpose, recipient));
  }
  return WriteNotice(law, rule_id, facts, words);
}

// What a line rests on: its facts, and the rule that asks for it.
std::string Explained(const NoticeDocument& document, const NoticeLine& line,
                      const LawEntry& rule) {
  std::string text =
      absl::StrCat(line.id, ": ", absl::StrJoin(line.cells, " | "), "\n");
  for (const std::string& fact : line.facts) {
    absl::StrAppend(&text, "  ", fact, "\n");
  }
  const std::string key = line.id.substr(0, line.id.rfind('.'));
  for (const NoticeItem& item : document.items) {
    if (item.key != key) continue;
    absl::StrAppend(&text, "asked for by ", item.rule, " (",
                    rule.rule->citation(), "): ");
    for (const v1::ContentItem& listed : rule.rule->contents().item()) {
      if (listed.key() == key) absl::StrAppend(&text, listed.text(), "\n");
    }
  }
  return text;
}

// The hardest item first would hide where it stands: in the notice's order.
std::string ReadabilityText(const NoticeDocument& document) {
  const TextLength whole = LengthOf(document);
  std::string text = absl::StrFormat(
      "grade %.1f: %s, %d words in %d sentences (Flesch-Kincaid)\n",
      whole.Grade(), document.document, whole.words, whole.sentences);
  for (const NoticeItem& item : document.items) {
    TextLength length;
    for (const NoticeLine& line : item.paragraphs) {
      length += LengthOf(line.cells[0]);
    }
    if (length.words == 0) continue;
    absl::StrAppendFormat(&text, "grade %.1f: %s\n", length.Grade(), item.key);
  }
  return text;
}

ExitCode WriteNoticeOf(const NoticeKind& kind,
                       absl::Span<const std::string> arguments,
                       const Streams& streams) {
  std::string words;
  std::string explain;
  std::string purpose;
  std::string recipient;
  bool html = false;
  bool readability = false;
  int state = 0;
  CommandLine line(kind.command,
                   absl::StrCat(kind.description,
                                " What nobody has told it is listed as "
                                "missing, with exit code 3."));
  line.AddOption("--words", &words, "The file of its words (docs/notices.md)",
                 Need::kRequired);
  line.AddFlag("--html", &html, "As a page in place of Markdown");
  line.AddOption("--explain", &explain,
                 "Say instead which facts and rule the line of this id rests "
                 "on; --format json has the ids");
  line.AddFlag("--readability", &readability,
               "Say instead how hard its sentences are to read, as a grade");
  if (kind.rules.size() > 1) {
    std::map<std::string, int> states;
    for (size_t i = 0; i < kind.rules.size(); ++i) {
      states[kind.rules[i].first] = static_cast<int>(i);
    }
    line.AddChoice("--state", &state, states,
                   absl::StrCat("Whose [", kind.rules[0].first, "]"));
  }
  if (kind.is_for_one_purpose) {
    line.AddOption("--purpose", &purpose, "The purpose of the policy",
                   Need::kRequired);
    line.AddOption("--recipient", &recipient,
                   "Only this recipient [all that receive for the purpose]");
  }
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (html && home.json()) {
    return UsageError(kind.command, "want --html or --format json, got both",
                      streams);
  }

  const std::string rule = kind.rules[static_cast<size_t>(state)].second;
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<NoticeDocument> document =
      MakeNotice(rule, words, purpose, recipient, **steward);
  if (!document.ok()) return Fail(document.status(), streams);
  if (readability) return Print(ReadabilityText(*document), streams);
  if (!explain.empty()) {
    const NoticeLine* const found = FindLine(*document, explain);
    if (found == nullptr) {
      return FailOrNo(absl::NotFoundError("--explain: want the id of a line "
                                          "of the notice, got another"),
                      streams);
    }
    return Print(
        Explained(*document, *found, *(*steward)->gate().law().Find(rule)),
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

}  // namespace

ExitCode NoticeHealthData(absl::Span<const std::string> arguments,
                          const Streams& streams) {
  return WriteNoticeOf(
      {"notice health-data",
       "Writes a state's consumer health data privacy policy from the policy, "
       "the recipients and what is held.",
       {{"wa", "wa-mhmda/policy"},
        {"nv", "nv-sb370/policy"},
        {"ct", "ct-ctdpa/policy"}},
       false},
      arguments, streams);
}

ExitCode NoticeCalifornia(absl::Span<const std::string> arguments,
                          const Streams& streams) {
  return WriteNoticeOf(
      {"notice california",
       "Writes California's privacy policy from the policy, the recipients, "
       "what is held, the marks of it and who was given data.",
       {{"", "ca-ccpa/policy"}},
       false},
      arguments, streams);
}

ExitCode NoticeCollection(absl::Span<const std::string> arguments,
                          const Streams& streams) {
  return WriteNoticeOf({"notice collection",
                        "Writes California's notice at collection.",
                        {{"", "ca-ccpa/notice-at-collection"}},
                        false},
                       arguments, streams);
}

ExitCode NoticeOptOut(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  return WriteNoticeOf({"notice opt-out",
                        "Writes California's notice of the right to opt out "
                        "of sale and sharing.",
                        {{"", "ca-ccpa/opt-out-notice"}},
                        false},
                       arguments, streams);
}

ExitCode NoticeLimit(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  return WriteNoticeOf({"notice limit",
                        "Writes California's notice of the right to limit "
                        "the use of sensitive personal information.",
                        {{"", "ca-ccpa/limit-notice"}},
                        false},
                       arguments, streams);
}

ExitCode NoticeConsentRequest(absl::Span<const std::string> arguments,
                              const Streams& streams) {
  return WriteNoticeOf(
      {"notice consent-request",
       "Writes what consumers are told when they are asked "
       "for consent to one purpose.",
       {{"wa", "wa-mhmda/consent-request"}, {"nv", "nv-sb370/consent-request"}},
       true},
      arguments, streams);
}

ExitCode NoticeAuthorization(absl::Span<const std::string> arguments,
                             const Streams& streams) {
  return WriteNoticeOf({"notice authorization",
                        "Writes the form on which a consumer authorizes a "
                        "sale to one purchaser.",
                        {{"", "wa-mhmda/authorization"}},
                        true},
                       arguments, streams);
}

}  // namespace subrosa
