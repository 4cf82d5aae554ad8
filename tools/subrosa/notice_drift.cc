#include "src/notice/notice_drift.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/descriptor_set.h"
#include "src/classify/name_rules.h"
#include "src/classify/schema_survey.h"
#include "src/law/law_book.h"
#include "src/notice/gather_facts.h"
#include "src/notice/notice_facts.h"
#include "src/notice/notice_words.h"
#include "src/notice/published_notice.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/notice.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/notice_parts.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRules[] = {"wa-mhmda/policy",
                                  "nv-sb370/policy",
                                  "ct-ctdpa/policy",
                                  "ca-ccpa/policy",
                                  "ca-ccpa/notice-at-collection",
                                  "ca-ccpa/opt-out-notice",
                                  "ca-ccpa/limit-notice"};

absl::StatusOr<PublishedNotice> ReadPublished(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string bytes,
                           ReadFile(path, kMaxPublishedBytes));
  absl::StatusOr<PublishedNotice> notice = ReadPublishedNotice(bytes);
  return notice.ok()
             ? std::move(notice)
             : absl::StatusOr<PublishedNotice>(Annotate(notice.status(), path));
}

struct DriftFiles {
  std::string published;
  std::string words;
  std::string schema;
  std::string url;
  std::vector<std::string> pages;
};

absl::StatusOr<std::vector<Difference>> Compare(const std::string& rule_id,
                                                const DriftFiles& files,
                                                Steward& steward) {
  const LawBook& law = steward.gate().law();
  const LawEntry* const rule = law.Find(rule_id);
  if (rule == nullptr) return absl::InternalError("law: the rule is not there");
  SUBROSA_ASSIGN_OR_RETURN(const PublishedNotice published,
                           ReadPublished(files.published));
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(files.words, kMaxNoticeWordsBytes));
  SUBROSA_ASSIGN_OR_RETURN(const v1::NoticeWords words,
                           ParseNoticeWords(files.words, text, *rule));
  SchemaSurvey survey;
  if (!files.schema.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string bytes,
                             ReadFile(files.schema, kMaxDescriptorSetBytes));
    SUBROSA_ASSIGN_OR_RETURN(const DescriptorFiles descriptors,
                             ReadDescriptorSet(bytes));
    std::vector<const google::protobuf::FileDescriptor*> own;
    for (const auto* file : descriptors.files) {
      if (!IsShippedFile(*file)) own.push_back(file);
    }
    SUBROSA_ASSIGN_OR_RETURN(const NameRules names, NameRules::BuiltIn());
    survey = SurveySchema(names, own);
  }
  std::vector<LinkingPage> pages;
  for (const std::string& path : files.pages) {
    SUBROSA_ASSIGN_OR_RETURN(PublishedNotice page, ReadPublished(path));
    pages.push_back({path, std::move(page)});
  }
  SUBROSA_ASSIGN_OR_RETURN(const NoticeFacts facts, GatherNoticeFacts(steward));
  return FindDrift({law, rule_id, facts, words, published,
                    files.schema.empty() ? nullptr : &survey, std::move(pages),
                    files.url});
}

std::string DifferenceText(const Difference& difference) {
  std::string text =
      absl::StrCat(difference.what, "\n  asked for by ", difference.rule, " (",
                   difference.citation, ")\n");
  for (const std::string& fact : difference.evidence) {
    absl::StrAppend(&text, "  seen in ", fact, "\n");
  }
  return absl::StrCat(text, "  to do: ", difference.to_do, "\n");
}

}  // namespace

ExitCode NoticeDrift(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  DriftFiles files;
  int rule = 0;
  CommandLine line(
      "notice drift",
      "Compares a published notice with what is held, shared and "
      "marked. Each difference is listed with its rule, what shows "
      "it and what to do; the exit code is then 3.");
  line.AddOption("--published", &files.published,
                 "The notice as published: our JSON, our page, or another page",
                 Need::kRequired);
  line.AddOption("--words", &files.words, "The file of its words",
                 Need::kRequired);
  line.AddChoice(
      "--notice", &rule,
      {{"wa", 0},
       {"nv", 1},
       {"ct", 2},
       {"ca", 3},
       {"collection", 4},
       {"opt-out", 5},
       {"limit", 6}},
      "Which: the health data policy of wa, nv or ct, or California's "
      "policy (ca), notice at collection, to opt out, to limit [wa]");
  line.AddOption("--schema", &files.schema,
                 "A descriptor set of a code base, whose marks are compared");
  line.AddOptions("--page", &files.pages,
                  "A page that has to lead to the notice; may be repeated");
  line.AddOption("--url", &files.url, "The notice's address, as pages name it");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.pages.empty() != files.url.empty()) {
    return UsageError("notice drift", "want --page and --url together, got one",
                      streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::vector<Difference>> found =
      Compare(kRules[rule], files, **steward);
  if (!found.ok()) return Fail(found.status(), streams);
  std::string text;
  Json differences = Json::array();
  for (const Difference& difference : *found) {
    text += DifferenceText(difference);
    differences.push_back({{"rule", difference.rule},
                           {"citation", difference.citation},
                           {"what", difference.what},
                           {"evidence", difference.evidence},
                           {"to_do", difference.to_do}});
  }
  if (found->empty()) text = "The notice tells what is held and shared.\n";
  const ExitCode printed = Print(
      home.json() ? Json{{"differences", differences}}.dump() + "\n" : text,
      streams);
  if (printed != ExitCode::kDone) return printed;
  return found->empty() ? ExitCode::kDone : ExitCode::kNo;
}

ExitCode NoticeDiff(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::vector<std::string> paths;
  int format = 0;
  CommandLine line("notice diff",
                   "Says what changed between two versions of a notice of "
                   "ours, and what of it needs a new consent; the exit code is "
                   "then 3.");
  line.AddArguments("before after", &paths, "The two, as JSON or pages");
  line.AddChoice("--format", &format, {{"text", 0}, {"json", 1}},
                 "text or json [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (paths.size() != 2) {
    return UsageError("notice diff", "want two notices", streams);
  }
  const absl::StatusOr<LawBook> law = LawBook::BuiltIn();
  if (!law.ok()) return Fail(law.status(), streams);
  const absl::StatusOr<PublishedNotice> before = ReadPublished(paths[0]);
  if (!before.ok()) return Fail(before.status(), streams);
  const absl::StatusOr<PublishedNotice> after = ReadPublished(paths[1]);
  if (!after.ok()) return Fail(after.status(), streams);
  const absl::StatusOr<std::vector<NoticeChange>> changes =
      DiffNotices(*law, *before, *after);
  if (!changes.ok()) return Fail(changes.status(), streams);
  std::string text;
  Json json = Json::array();
  bool needs_consent = false;
  for (const NoticeChange& change : *changes) {
    needs_consent = needs_consent || !change.asked_by.empty();
    absl::StrAppend(&text, change.what, "\n  in ", change.rule, " (",
                    change.citation, ")\n");
    for (const std::string& rule : change.asked_by) {
      absl::StrAppend(&text,
                      "  needs a new consent or the choice to withdraw: ", rule,
                      "\n");
    }
    json.push_back({{"rule", change.rule},
                    {"citation", change.citation},
                    {"what", change.what},
                    {"asked_by", change.asked_by}});
  }
  if (changes->empty()) text = "The tables are the same.\n";
  const ExitCode printed = Print(
      format == 1 ? Json{{"changes", json}}.dump() + "\n" : text, streams);
  if (printed != ExitCode::kDone) return printed;
  return needs_consent ? ExitCode::kNo : ExitCode::kDone;
}

}  // namespace subrosa
