// How hard an English text is to read: the grade of Flesch and Kincaid, years
// of school in the United States. An estimate by word and sentence length: it
// tells nothing of whether a text is true or well put.
//
// Source: Kincaid et al., 1975: 0.39 words a sentence + 11.8 syllables a word -
// 15.59.
#ifndef SUBROSA_SRC_NOTICE_READABILITY_H_
#define SUBROSA_SRC_NOTICE_READABILITY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "src/notice/notice_document.h"

namespace subrosa {

struct TextLength {
  int64_t words = 0;
  int64_t sentences = 0;
  int64_t syllables = 0;

  TextLength& operator+=(const TextLength& other);
  // Not below 0; 0 for no words.
  double Grade() const;
};

// Words are runs of letters; a sentence ends with ".", "!", "?" or the text.
// Syllables are runs of vowels, a silent final "e" aside. Addresses, which
// nobody reads aloud, are left out.
TextLength LengthOf(absl::string_view text);

// Of the notice's sentences: its tables are no prose.
TextLength LengthOf(const NoticeDocument& document);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_READABILITY_H_
