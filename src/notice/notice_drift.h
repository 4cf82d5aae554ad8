// Where a published notice and the facts part: what is done or held and not
// told, what is told and not so, what a code base marks, which pages do not
// lead to it, and whether it is too old.
//
// Source: RCW 19.373.020(1)(b) to (d); Cal. Civ. Code 1798.130(a)(5); each
// difference names its rule.
#ifndef SUBROSA_SRC_NOTICE_NOTICE_DRIFT_H_
#define SUBROSA_SRC_NOTICE_NOTICE_DRIFT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/schema_survey.h"
#include "src/law/law_book.h"
#include "src/notice/notice_facts.h"
#include "src/notice/published_notice.h"
#include "subrosa/v1/notice.pb.h"

namespace subrosa {

struct Difference {
  std::string rule;      // "wa-mhmda/policy#shared".
  std::string citation;  // Of the rule, and how sure we are of its text.
  std::string what;      // One sentence, in lower case.
  std::vector<std::string> evidence;
  std::string to_do;
};

// A page that has to lead to the notice.
struct LinkingPage {
  std::string name;  // As it appears in a difference.
  PublishedNotice page;
};

struct DriftCheck {
  const LawBook& law;
  std::string rule;  // The notice's: "wa-mhmda/policy".
  const NoticeFacts& facts;
  const v1::NoticeWords& words;
  const PublishedNotice& published;
  // Of a code base; null: none is looked at.
  const SchemaSurvey* survey = nullptr;
  std::vector<LinkingPage> pages;
  std::string url;  // Of the notice, as pages name it.
};

// In the order of the notice; empty: they agree. In a notice that is none of
// ours every name that the facts give is looked for as it stands; what is told
// there and not so is not seen.
//
// NOT_FOUND as WriteNotice.
absl::StatusOr<std::vector<Difference>> FindDrift(const DriftCheck& check);

// What changed between two versions of one notice of ours, and whether what
// was collected under the old one needs a new consent: whatever is told of for
// the first time, a category, a purpose, a recipient, does. INVALID_ARGUMENT if
// either is no notice of ours.
struct NoticeChange {
  std::string rule;
  std::string citation;
  std::string what;  // "new: …", "gone: …".
  // Rules that ask for a new consent, or for the choice to withdraw; none: the
  // change needs neither.
  std::vector<std::string> asked_by;
};
absl::StatusOr<std::vector<NoticeChange>> DiffNotices(
    const LawBook& law, const PublishedNotice& before,
    const PublishedNotice& after);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_NOTICE_DRIFT_H_
