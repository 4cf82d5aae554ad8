#include "src/notice/notice_document.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "src/base/html_text.h"
#include "src/crypto/sha256.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kStyle =
    "body { font: 1rem/1.5 sans-serif; color: #1a1a1a; background: #fff;"
    " max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { border: 1px solid #767676; padding: .4rem; text-align: left;"
    " vertical-align: top; }\n"
    "@media print { body { max-width: none; margin: 0; }"
    " tr { break-inside: avoid; } h2 { break-after: avoid; } }\n";

// What would be a mark of Markdown is none.
std::string Plain(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"},
                                    {"|", "\\|"},
                                    {"*", "\\*"},
                                    {"_", "\\_"},
                                    {"`", "\\`"},
                                    {"<", "&lt;"},
                                    {"\n", " "}});
}

std::string Row(const std::vector<std::string>& cells) {
  return absl::StrCat("| ",
                      absl::StrJoin(cells, " | ",
                                    [](std::string* out, const auto& cell) {
                                      out->append(Plain(cell));
                                    }),
                      " |\n");
}

std::string Cells(const std::vector<std::string>& cells, bool is_head) {
  std::string html = "<tr>";
  bool is_first = true;
  for (const std::string& cell : cells) {
    // The first cell names the row.
    const absl::string_view tag = is_head || is_first ? "th" : "td";
    const absl::string_view scope = is_head    ? " scope=\"col\""
                                    : is_first ? " scope=\"row\""
                                               : "";
    absl::StrAppend(&html, "<", tag, scope, ">", HtmlText(cell), "</", tag,
                    ">");
    is_first = false;
  }
  return html + "</tr>\n";
}

std::string ParagraphHtml(const NoticeLine& line) {
  const std::string text = HtmlText(line.cells[0]);
  return line.url.empty() ? text
                          : absl::StrCat("<a href=\"", HtmlText(line.url),
                                         "\">", text, "</a>");
}

std::string ItemHtml(const NoticeItem& item) {
  std::string html = absl::StrCat(
      "<section aria-labelledby=\"", item.key, "\" data-rule=\"", item.rule,
      "\">\n<h2 id=\"", item.key, "\">", HtmlText(item.heading), "</h2>\n");
  for (const NoticeLine& line : item.paragraphs) {
    absl::StrAppend(&html, "<p id=\"", line.id, "\">", ParagraphHtml(line),
                    "</p>\n");
  }
  if (!item.columns.empty()) {
    absl::StrAppend(&html, "<table aria-labelledby=\"", item.key,
                    "\">\n<thead>\n", Cells(item.columns, true),
                    "</thead>\n<tbody>\n");
    for (const NoticeLine& line : item.rows) {
      html += Cells(line.cells, false);
    }
    html += "</tbody>\n</table>\n";
  }
  return html + "</section>\n";
}

Json LinesJson(const std::vector<NoticeLine>& lines) {
  Json json = Json::array();
  for (const NoticeLine& line : lines) {
    json.push_back(
        {{"id", line.id}, {"cells", line.cells}, {"facts", line.facts}});
    if (!line.url.empty()) json.back()["url"] = line.url;
  }
  return json;
}

std::string Published(const NoticeDocument& document) {
  return absl::StrCat("Version ", document.version, ", in effect from ",
                      document.effective_on, ".");
}

}  // namespace

const NoticeLine* FindLine(const NoticeDocument& document,
                           absl::string_view id) {
  for (const NoticeItem& item : document.items) {
    for (const auto* lines : {&item.paragraphs, &item.rows}) {
      for (const NoticeLine& line : *lines) {
        if (line.id == id) return &line;
      }
    }
  }
  return nullptr;
}

std::string NoticeMarkdown(const NoticeDocument& document) {
  std::string text = absl::StrCat("# ", Plain(document.title), "\n\n",
                                  Plain(Published(document)), "\n");
  for (const NoticeItem& item : document.items) {
    absl::StrAppend(&text, "\n## ", Plain(item.heading), "\n");
    for (const NoticeLine& line : item.paragraphs) {
      const std::string plain = Plain(line.cells[0]);
      absl::StrAppend(&text, "\n",
                      line.url.empty()
                          ? plain
                          : absl::StrCat("[", plain, "](", line.url, ")"),
                      "\n");
    }
    if (item.columns.empty()) continue;
    absl::StrAppend(&text, "\n", Row(item.columns), "|");
    for (size_t i = 0; i < item.columns.size(); ++i) text += "---|";
    text += "\n";
    for (const NoticeLine& line : item.rows) text += Row(line.cells);
  }
  return text;
}

std::string NoticeHtml(const NoticeDocument& document) {
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"", HtmlText(document.locale),
      "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>",
      HtmlText(document.title), "</title>\n<style>\n", kStyle,
      "</style>\n</head>\n<body>\n<main data-document=\"", document.document,
      "\" data-version=\"", HtmlText(document.version),
      "\" data-effective-on=\"", HtmlText(document.effective_on), "\">\n<h1>",
      HtmlText(document.title), "</h1>\n<p>", HtmlText(Published(document)),
      "</p>\n");
  for (const NoticeItem& item : document.items) html += ItemHtml(item);
  return html + "</main>\n</body>\n</html>\n";
}

std::string NoticeSha256(const NoticeDocument& document) {
  const auto digest = Sha256().Digest({NoticeMarkdown(document)});
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::string NoticeJson(const NoticeDocument& document) {
  Json items = Json::array();
  for (const NoticeItem& item : document.items) {
    items.push_back({{"rule", item.rule},
                     {"heading", item.heading},
                     {"paragraphs", LinesJson(item.paragraphs)},
                     {"columns", item.columns},
                     {"rows", LinesJson(item.rows)}});
  }
  const Json json = {{"document", document.document},
                     {"entity", document.entity},
                     {"title", document.title},
                     {"locale", document.locale},
                     {"version", document.version},
                     {"effective_on", document.effective_on},
                     {"sha256", NoticeSha256(document)},
                     {"items", items},
                     {"missing", document.missing}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace subrosa
