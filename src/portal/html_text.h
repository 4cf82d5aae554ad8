// Text as it stands in HTML, between tags and in quoted attributes.
#ifndef SUBROSA_SRC_PORTAL_HTML_TEXT_H_
#define SUBROSA_SRC_PORTAL_HTML_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// `text` with every sign that HTML reads as its own written as a reference.
inline std::string HtmlText(absl::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html.push_back(c);
    }
  }
  return html;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_PORTAL_HTML_TEXT_H_
