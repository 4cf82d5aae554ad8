// A PayloadDeidentifier takes out of a record's payload what Safe Harbor has
// removed (45 CFR 164.514(b)(2)(i)), by the marks of its fields and by what is
// found in its words:
//
//   a field marked as an identifier, or with any personal or sensitive
//   category                                       is taken out; a date becomes
//                                                  its year, an age over the
//                                                  limit one category, a postal
//                                                  code its area
//   any point in time, marked or not               becomes its year
//                                                  (or is moved: DateRule)
//   text                                           what the scanner finds in it
//                                                  becomes a marker
//                                                  ("[PHONE]"); years stay, but
//                                                  for those that tell of an
//                                                  age over the limit
//   text that is a document (JSON, XML), bytes,
//   maps, fields without a mark, unknown fields    are taken out
//   numbers and enums that are marked              stay
//
// What nobody marked is taken out, since nobody said what it is.
//
// Thread-compatible: it keeps a scanner's scratch.
//
// Security: what the scanner does not find in a text stays in it; `subrosa
// evaluate` says how much that is on texts like yours. Where that is too much,
// leave the text out: Options::keep_text.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       auto deidentifier,
//       PayloadDeidentifier::Create(rules, *scanner, {.this_year = 2026}));
//   SUBROSA_RETURN_IF_ERROR(deidentifier->Apply(payload.get(), &counts));
#ifndef SUBROSA_SRC_EXPORTS_PAYLOAD_DEIDENTIFIER_H_
#define SUBROSA_SRC_EXPORTS_PAYLOAD_DEIDENTIFIER_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/classify/text_scanner.h"
#include "src/exports/safe_harbor.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

// How much was done, over all payloads.
struct DeidentifiedCounts {
  int64_t removed = 0;    // Fields taken out.
  int64_t coarsened = 0;  // Dates, ages and postal codes.
  int64_t redacted = 0;   // Places in texts.

  DeidentifiedCounts& operator+=(const DeidentifiedCounts& other) {
    removed += other.removed;
    coarsened += other.coarsened;
    redacted += other.redacted;
    return *this;
  }
};

// What becomes of dates. Moving them by the same number of days for all of one
// consumer keeps what lies between; it is no Safe Harbor, and wants an expert's
// determination (45 CFR 164.514(b)(1)).
enum class DateRule { kYears, kShifted };

// The coarse values that stay and that others may know of a person, as "full
// name of the field, a space, value"; years of times as "year 2024".
using CoarseValues = std::set<std::string>;

class PayloadDeidentifier {
 public:
  struct Options {
    // The present one, of four digits, by which great ages are told.
    int64_t this_year = 0;

    // Whether words that people wrote stay, redacted.
    bool keep_text = true;

    DateRule dates = DateRule::kYears;
  };

  // `rules` and `scanner` must outlive it; the scanner looks for names and
  // years too.
  //
  // INVALID_ARGUMENT if `this_year` has not four digits; INTERNAL as
  // TextScanner::NewScratch.
  static absl::StatusOr<std::unique_ptr<PayloadDeidentifier>> Create(
      const SafeHarbor& rules, const TextScanner& scanner,
      const Options& options);

  // Where dates are moved: by how many days, from the next payload on.
  void ShiftBy(int32_t days) { shift_days_ = days; }

  // What stands for `time` in what is handed out.
  absl::Time Coarse(absl::Time time) const;

  // Takes out of `payload` what identifies, and adds to `counts`, and to
  // `coarse` unless that is null. Messages nest at most 100 deep. Its type must
  // outlive this: the marks are kept.
  //
  // INVALID_ARGUMENT if they nest deeper, or for a malformed mark; INTERNAL as
  // TextScanner::Scan. After an error the payload may hold anything, and must
  // be thrown away.
  absl::Status Apply(google::protobuf::Message* payload,
                     DeidentifiedCounts* counts,
                     CoarseValues* coarse = nullptr);

 private:
  PayloadDeidentifier(const SafeHarbor& rules, const TextScanner& scanner,
                      const Options& options,
                      std::unique_ptr<TextScanner::Scratch> scratch)
      : rules_(rules),
        scanner_(scanner),
        options_(options),
        scratch_(std::move(scratch)) {}

  absl::Status ApplyBelow(google::protobuf::Message* message, int depth,
                          DeidentifiedCounts* counts);
  absl::Status ApplyField(const google::protobuf::FieldDescriptor& field,
                          google::protobuf::Message* message, int depth,
                          DeidentifiedCounts* counts);

  // MarkOf, read once for each field.
  absl::StatusOr<const v1::FieldMark*> Mark(
      const google::protobuf::FieldDescriptor& field);

  // Puts a coarser value in place; false if none stands for what is there.
  void CoarsenTime(google::protobuf::Message* time);
  std::string CoarseDate(absl::string_view text) const;
  bool Coarsen(const google::protobuf::FieldDescriptor& field,
               const v1::FieldMark& mark, google::protobuf::Message* message);
  // Whether what stands at `match`, `found`, has to go.
  bool IsHidden(const TextMatch& match, absl::string_view found) const;
  // What stands in place of what a rule finds.
  const std::string& MarkerOf(uint16_t rule);
  // False, and nothing in `redacted`, if there is nothing to hide.
  absl::StatusOr<bool> Redact(absl::string_view text, std::string* redacted,
                              DeidentifiedCounts* counts);

  const SafeHarbor& rules_;
  const TextScanner& scanner_;
  const Options options_;
  const std::unique_ptr<TextScanner::Scratch> scratch_;
  std::vector<TextMatch> matches_;
  std::vector<std::string> markers_;  // By rule, as MarkerOf made them.
  int32_t shift_days_ = 0;
  CoarseValues* coarse_ = nullptr;  // During Apply.
  // Nodes, since messages below are walked while one is in use.
  absl::node_hash_map<const google::protobuf::FieldDescriptor*, v1::FieldMark>
      marks_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_PAYLOAD_DEIDENTIFIER_H_
