// A FreeTextRedactor takes identifiers out of those fields of a payload that
// are marked `free_text`, and leaves every other field as it is: what else says
// whose the record is stands in fields that the marks name.
//
// A field that holds a document (document_prose.h) stays one: what is found is
// replaced in the strings, numbers and text that it stands in, and a number
// becomes a string. Names of members and elements stay, and so does structure,
// such as the address of a code system.
//
// Thread-compatible: it keeps a scanner's scratch.
//
// Security: what the scanner does not find stays. The scratch holds the last
// text read, until the next.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto redactor,
//   FreeTextRedactor::Create(*scanner));
//   SUBROSA_RETURN_IF_ERROR(redactor->Redact(
//       [](const TextMatch& match, absl::string_view, absl::string_view value)
//       {
//         return Redactor::Markers().Replacement(TextRules()[match.rule].id,
//                                                value);
//       },
//       payload.get()));
#ifndef SUBROSA_SRC_CLASSIFY_FREE_TEXT_REDACTOR_H_
#define SUBROSA_SRC_CLASSIFY_FREE_TEXT_REDACTOR_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "src/classify/document_prose.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

class FreeTextRedactor {
 public:
  // What is to stand in place of `value`, found in the field at `path`
  // ("payload.note", without indexes): printable ASCII without quotes,
  // backslashes and angle brackets. Nothing leaves the value.
  using Replacement = absl::FunctionRef<std::optional<std::string>(
      const TextMatch& match, absl::string_view path, absl::string_view value)>;

  // `scanner` must outlive it. Errors as TextScanner::NewScratch.
  static absl::StatusOr<std::unique_ptr<FreeTextRedactor>> Create(
      const TextScanner& scanner);

  // Replaces in `payload`, a record's, what is found. Messages in an Any and
  // maps of strings are not looked into, as a FreeTextReader does not.
  //
  // INTERNAL as TextScanner::Scan; part of the payload is replaced then.
  absl::Status Redact(Replacement replacement,
                      google::protobuf::Message* payload);

 private:
  FreeTextRedactor(const TextScanner& scanner,
                   std::unique_ptr<TextScanner::Scratch> scratch)
      : scanner_(scanner), scratch_(std::move(scratch)) {}

  absl::Status RedactMessage(Replacement replacement, const std::string& path,
                             google::protobuf::Message* message);
  absl::StatusOr<std::string> RedactText(Replacement replacement,
                                         absl::string_view path,
                                         const std::string& text);

  const TextScanner& scanner_;
  const std::unique_ptr<TextScanner::Scratch> scratch_;
  std::vector<TextMatch> matches_;
  DocumentProse prose_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FREE_TEXT_REDACTOR_H_
