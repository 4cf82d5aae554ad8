// A NoticeDocument is a notice before it is written as HTML, Markdown or JSON:
// the items that a pack lists, in its order, each of lines that say on which
// facts they rest.
#ifndef SUBROSA_SRC_NOTICE_NOTICE_DOCUMENT_H_
#define SUBROSA_SRC_NOTICE_NOTICE_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

struct NoticeLine {
  // "sources.2": the item's key, and the line's number in it from 1. The same
  // facts give the same ids.
  std::string id;
  // One cell of a paragraph; as many as the item has columns of a row.
  std::vector<std::string> cells;
  // What it rests on: "policy: purpose `therapy`".
  std::vector<std::string> facts;
  // Where a paragraph leads; empty: it is no link.
  std::string url;
};

struct NoticeItem {
  std::string rule;  // "wa-mhmda/policy#sources".
  std::string key;   // "sources".
  std::string heading;
  std::vector<NoticeLine> paragraphs;
  // Of the table that follows; none: there is no table.
  std::vector<std::string> columns;
  std::vector<NoticeLine> rows;
};

struct NoticeDocument {
  std::string document;  // "health-data-policy".
  std::string entity;
  std::string title;
  std::string locale;
  std::string version;
  std::string effective_on;
  std::vector<NoticeItem> items;
  // What the notice has to say and nobody has told it, each with its rule.
  // Such a notice is not to be published.
  std::vector<std::string> missing;
};

// The line of that id; null if there is none.
const NoticeLine* FindLine(const NoticeDocument& document,
                           absl::string_view id);

// The notice for readers, for the service's site (a page of its own, with a
// style for print), and for programs (docs/formats/json.md). The same document
// gives the same bytes.
std::string NoticeMarkdown(const NoticeDocument& document);
std::string NoticeHtml(const NoticeDocument& document);
std::string NoticeJson(const NoticeDocument& document);

// SHA-256 of the Markdown, 64 hexadecimal digits: what was published is known
// by it.
std::string NoticeSha256(const NoticeDocument& document);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_NOTICE_DOCUMENT_H_
