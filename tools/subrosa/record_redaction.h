// What `classify records --redact` prints of a record: the record, without what
// is found in its free text.
#ifndef SUBROSA_TOOLS_SUBROSA_RECORD_REDACTION_H_
#define SUBROSA_TOOLS_SUBROSA_RECORD_REDACTION_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/classify/free_text_redactor.h"
#include "src/classify/redactor.h"
#include "src/classify/text_scanner.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/record.pb.h"
#include "tools/subrosa/suppression_argument.h"

namespace subrosa {

enum class RecordRedactionStyle { kNone, kMarker, kPseudonym };

struct RecordRedactionOptions {
  RecordRedactionStyle style = RecordRedactionStyle::kNone;

  // Key of the pseudonyms; with none given, one that nobody keeps.
  std::string key_file;
};

class RecordRedaction {
 public:
  // All of them must outlive it; `suppressions` has read its file. Errors as
  // ReadKeyFile and FreeTextRedactor::Create, and INVALID_ARGUMENT if the
  // suppressions name values and there is no key file.
  static absl::StatusOr<std::unique_ptr<RecordRedaction>> Create(
      const RecordRedactionOptions& options, const TextScanner& scanner,
      const MessageTypes& types, SuppressionArgument* suppressions);

  // `record` as a line of JSON that `ingest` reads, with its end.
  // INVALID_ARGUMENT if its payload cannot be read; else errors as
  // FreeTextRedactor::Redact and AppendMessageJson.
  absl::StatusOr<std::string> Line(const v1::HealthRecord& record);

 private:
  RecordRedaction(const RecordRedactionOptions& options, Redactor redactor,
                  std::unique_ptr<FreeTextRedactor> free_text,
                  const MessageTypes& types, SuppressionArgument* suppressions)
      : options_(options),
        redactor_(std::move(redactor)),
        free_text_(std::move(free_text)),
        types_(types),
        suppressions_(*suppressions) {}

  // What stands in place of `value`; nothing if the find is suppressed.
  std::optional<std::string> Replacement(const TextMatch& match,
                                         absl::string_view path,
                                         absl::string_view value);

  const RecordRedactionOptions options_;
  const Redactor redactor_;
  const std::unique_ptr<FreeTextRedactor> free_text_;
  const MessageTypes& types_;
  SuppressionArgument& suppressions_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_RECORD_REDACTION_H_
