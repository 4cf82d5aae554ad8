// For tests: what a scanner finds in a text, in words.
#ifndef SUBROSA_SRC_CLASSIFY_FOUND_TEXT_H_
#define SUBROSA_SRC_CLASSIFY_FOUND_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

// As "rule=text" with "; " between, the rules' room left out: "email=a@b.c".
inline std::string FoundText(const TextScanner& scanner,
                             absl::string_view text) {
  const auto scratch = std::move(scanner.NewScratch()).value();
  std::vector<TextMatch> matches;
  EXPECT_TRUE(scanner.Scan(text, scratch.get(), &matches).ok());
  std::string found;
  for (const TextMatch& match : matches) {
    absl::StrAppend(&found, found.empty() ? "" : "; ",
                    absl::string_view(TextRules()[match.rule].id).substr(5),
                    "=", text.substr(match.span.offset, match.span.length));
  }
  return found;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FOUND_TEXT_H_
