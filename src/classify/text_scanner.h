// A TextScanner finds identifiers in text: the eighteen kinds of HIPAA's Safe
// Harbor and the persistent identifiers of Washington's statute. One pass finds
// the places that have an identifier's shape, or a word that names one; a
// finder looks at each such place and decides by check digits, ranges, the
// words around it, and what it could be confused with.
//
// Text is UTF-8, but any bytes are safe. It is read as people see it
// (text_fold.h): full-width digits, zero-width characters and letters of other
// scripts that look Latin hide nothing. Spans are bytes of the text as given,
// and never split a character.
//
// Two finds of one rule that overlap are one find. Of two of different rules
// one stays: the one that contains the other; else
// the one with the higher score; else the longer; else the first.
//
// Time is linear in the text and memory constant: a finder sees kReachBack
// bytes before a place and kReachAhead after it. What is longer than a reach (a
// web address of more than 2,048 bytes) is found up to there.
//
// Thread-safe: any number of threads may use one TextScanner, each with a
// Scratch of its own.
//
// Security: no match, error or rule holds any of the text. A Scratch does hold
// the last of it, until it is cleared or destroyed.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const auto scanner, TextScanner::Create({}));
//   SUBROSA_ASSIGN_OR_RETURN(const auto scratch, scanner->NewScratch());
//   std::vector<TextMatch> matches;
//   SUBROSA_RETURN_IF_ERROR(scanner->Scan("SSN 219-09-9999", scratch.get(),
//                                         &matches));
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_SCANNER_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_rules.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// One identifier found. Holds no text.
struct TextMatch {
  ByteSpan span;
  // UNSPECIFIED for what no identifier kind covers (a password, an age): the
  // rule then has a personal or sensitive category.
  v1::IdentifierKind identifier = v1::IDENTIFIER_UNSPECIFIED;
  uint16_t rule = 0;  // Index into TextRules().
  float score = 0;    // Above 0, at most 1.
};

inline bool operator==(const TextMatch& a, const TextMatch& b) {
  return a.span.offset == b.span.offset && a.span.length == b.span.length &&
         a.rule == b.rule && a.score == b.score;
}

class TextScanner {
 public:
  struct Options {
    // Matches below it are left out.
    float min_score = 0;
    // Whether names of people, places and organizations are looked for
    // (name_tagger.h). It costs most of the time: for logs leave it off.
    bool names = false;
    // Whether years alone are looked for. Safe Harbor leaves them (45 CFR
    // 164.514(b)(2)(i)(C)), and texts are read more easily with them; other
    // rules of de-identification take them out.
    bool years = false;
    // The present year, to which the year of a birth is counted: one that makes
    // 90 or more is found as an age over 89, `years` or not. Whoever has a
    // clock gives it: a scanner that is behind misses the oldest.
    int this_year = 2026;
  };

  // What one scan at a time needs beside the scanner. May be used again and
  // again; belongs to the scanner that made it, which must outlive it.
  class Scratch {
   public:
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

   private:
    friend class TextScanner;
    struct Rep;
    explicit Scratch(std::unique_ptr<Rep> rep);
    std::unique_ptr<Rep> rep_;
  };

  // INTERNAL if a pattern or the model of names, which are built in, is
  // malformed.
  static absl::StatusOr<std::unique_ptr<TextScanner>> Create(
      const Options& options);

  ~TextScanner();
  TextScanner(const TextScanner&) = delete;
  TextScanner& operator=(const TextScanner&) = delete;

  absl::StatusOr<std::unique_ptr<Scratch>> NewScratch() const;

  // Sets `matches` to what stands in `text`, in order, not overlapping.
  absl::Status Scan(absl::string_view text, Scratch* scratch,
                    std::vector<TextMatch>* matches) const;

  // The same, and sets `refusals` to what was looked at and not taken, in no
  // order: which check refused it, or what stands beside it. Slower, and not
  // constant in memory: for a text that someone asks about.
  absl::Status Explain(absl::string_view text, Scratch* scratch,
                       std::vector<TextMatch>* matches,
                       std::vector<TextRefusal>* refusals) const;

  // The same as Scan for a text that comes in chunks, of any size and cut
  // anywhere: Begin, then Append for each, then Finish. Each call appends to
  // `matches` what has become certain; offsets count from the text's first
  // byte. A match is certain at the latest 80 KiB after it. The answer does not
  // depend on how the text was cut.
  void Begin(Scratch* scratch) const;
  absl::Status Append(absl::string_view chunk, Scratch* scratch,
                      std::vector<TextMatch>* matches) const;
  absl::Status Finish(Scratch* scratch, std::vector<TextMatch>* matches) const;

  // The offset in the text appended so far before which no further match will
  // begin: what lies before it and before the last match's end can be let go.
  size_t CertainBefore(const Scratch& scratch) const;

 private:
  class Rep;
  explicit TextScanner(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
};

// `match` as a finding, with rule, clause and reason. `field_path` is empty for
// a text that is no field.
Finding FindingOf(const TextMatch& match, absl::string_view field_path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_SCANNER_H_
