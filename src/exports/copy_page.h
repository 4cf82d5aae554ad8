// The first page of a consumer's copy, `index.html`: what is held, in plain
// words, with a timeline and charts. It opens from disk in any browser, alone:
// it loads nothing, runs no script, and says so to the browser by its own
// content policy. Headings, captions and a text for each chart are there for
// those who listen; it follows the reader's dark mode, and prints.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_COPY_PAGE_H_
#define SUBROSA_SRC_EXPORTS_COPY_PAGE_H_

#include <string>
#include <vector>

#include "src/exports/copy_facts.h"
#include "src/exports/copy_survey.h"

namespace subrosa {

// A file of the copy, for the page's list.
struct CopyFile {
  std::string name;
  std::string words;  // What it is.
};

// The page. Its size grows with the days that hold records (some 100 bytes a
// day and type, CopySurvey::kMostDays of them at most), not with the records.
std::string CopyPage(const CopyFacts& facts, const CopySurvey& survey,
                     const std::vector<CopyFile>& files);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_PAGE_H_
