// Text for an HTML page.
#ifndef SUBROSA_SRC_BASE_HTML_TEXT_H_
#define SUBROSA_SRC_BASE_HTML_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// `text` as the content of an element or of a quoted attribute: nothing in it
// is taken for markup. Bytes that are not ASCII stay as they are; control
// characters but tab and newline, which HTML does not allow, become U+FFFD.
inline std::string HtmlText(absl::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        html.append("&amp;");
        break;
      case '<':
        html.append("&lt;");
        break;
      case '>':
        html.append("&gt;");
        break;
      case '"':
        html.append("&quot;");
        break;
      case '\'':
        html.append("&#39;");
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control =
            (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
        if (is_control) {
          html.append("\xEF\xBF\xBD");
        } else {
          html.push_back(c);
        }
      }
    }
  }
  return html;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_HTML_TEXT_H_
