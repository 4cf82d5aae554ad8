#include "src/notice/notice_words.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/law/law_file.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": want ", want, ", got ", got));
}

absl::Status CheckText(absl::string_view field, absl::string_view text) {
  if (text.empty()) return Wrong(field, "some", "none");
  if (text.size() > kMaxNoticeTextBytes) {
    return Wrong(field, absl::StrCat("at most ", kMaxNoticeTextBytes, " bytes"),
                 absl::StrCat(text.size()));
  }
  bool is_line = simdjson::validate_utf8(text.data(), text.size());
  for (const char c : text) {
    is_line = is_line && !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  }
  return is_line ? absl::OkStatus()
                 : Wrong(field, "one line of UTF-8", "something else");
}

bool Lists(const LawEntry& rule, absl::string_view item) {
  for (const v1::ContentItem& listed : rule.rule->contents().item()) {
    if (item == absl::StrCat(rule.id, "#", listed.key())) return true;
  }
  return false;
}

absl::Status CheckSection(const v1::NoticeWords::Section& section,
                          const LawEntry& rule) {
  if (!Lists(rule, section.item())) {
    return Wrong("item", absl::StrCat("one that ", rule.id, " lists"),
                 absl::StrCat("`", section.item(), "`"));
  }
  SUBROSA_RETURN_IF_ERROR(CheckText("heading", section.heading()));
  for (const std::string& paragraph : section.paragraph()) {
    SUBROSA_RETURN_IF_ERROR(CheckText("paragraph", paragraph));
  }
  for (const v1::NoticeWords::Section::Link& link : section.link()) {
    SUBROSA_RETURN_IF_ERROR(CheckText("link.text", link.text()));
    SUBROSA_RETURN_IF_ERROR(CheckNoticeUrl("link.url", link.url()));
  }
  return absl::OkStatus();
}

absl::Status CheckSource(const v1::NoticeWords::Source& source) {
  SUBROSA_RETURN_IF_ERROR(CheckText("id", source.id()));
  return CheckText("text", source.text());
}

absl::Status CheckHead(const v1::NoticeWords& words) {
  SUBROSA_RETURN_IF_ERROR(CheckText("title", words.title()));
  SUBROSA_RETURN_IF_ERROR(CheckText("locale", words.locale()));
  SUBROSA_RETURN_IF_ERROR(CheckText("version", words.version()));
  return Annotate(ParseLawDay(words.effective_on()).status(), "effective_on");
}

}  // namespace

absl::Status CheckNoticeUrl(absl::string_view field, absl::string_view url) {
  SUBROSA_RETURN_IF_ERROR(CheckText(field, url));
  const bool is_taken = absl::StartsWith(url, "https://") ||
                        (url[0] == '/' && !absl::StartsWith(url, "//"));
  if (!is_taken ||
      url.find_first_of(" \"'<>()\\`") != absl::string_view::npos) {
    return Wrong(field, "https://… or a path on the same site", "another");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::NoticeWords> ParseNoticeWords(absl::string_view name,
                                                 absl::string_view text,
                                                 const LawEntry& rule) {
  v1::NoticeWords words;
  TextprotoFile file(name, text);
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxNoticeWordsBytes, &words));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckHead(words)));
  std::set<absl::string_view> items;
  for (int i = 0; i < words.section_size(); ++i) {
    absl::Status status = CheckSection(words.section(i), rule);
    if (status.ok() && !items.insert(words.section(i).item()).second) {
      status = Wrong("item", "one that no other section has", "one twice");
    }
    SUBROSA_RETURN_IF_ERROR(file.At(words, "section", i, status));
  }
  std::set<absl::string_view> sources;
  for (int i = 0; i < words.source_size(); ++i) {
    absl::Status status = CheckSource(words.source(i));
    if (status.ok() && !sources.insert(words.source(i).id()).second) {
      status = Wrong("id", "one that no other source has", "one twice");
    }
    SUBROSA_RETURN_IF_ERROR(file.At(words, "source", i, status));
  }
  return words;
}

}  // namespace subrosa
