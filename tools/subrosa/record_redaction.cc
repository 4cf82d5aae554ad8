#include "tools/subrosa/record_redaction.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/base/status_macros.h"
#include "src/classify/text_rules.h"
#include "src/crypto/key_file.h"
#include "src/crypto/secret_key.h"
#include "src/exports/json_text.h"
#include "src/exports/message_json.h"

namespace subrosa {
namespace {

absl::StatusOr<Redactor> MakeRedactor(const RecordRedactionOptions& options) {
  if (options.style != RecordRedactionStyle::kPseudonym &&
      options.key_file.empty()) {
    return Redactor::Markers();
  }
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, options.key_file.empty()
                                              ? SecretKey::Random()
                                              : ReadKeyFile(options.key_file));
  return Redactor::Pseudonyms(std::move(key));
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordRedaction>> RecordRedaction::Create(
    const RecordRedactionOptions& options, const TextScanner& scanner,
    const MessageTypes& types, SuppressionArgument* suppressions) {
  if (suppressions->needs_pseudonyms() && options.key_file.empty()) {
    return absl::InvalidArgumentError(
        "--key-file: want the key under which the suppressions name values");
  }
  SUBROSA_ASSIGN_OR_RETURN(Redactor redactor, MakeRedactor(options));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<FreeTextRedactor> free_text,
                           FreeTextRedactor::Create(scanner));
  return std::unique_ptr<RecordRedaction>(new RecordRedaction(
      options, std::move(redactor), std::move(free_text), types, suppressions));
}

std::optional<std::string> RecordRedaction::Replacement(
    const TextMatch& match, absl::string_view path, absl::string_view value) {
  const char* const rule_id = TextRules()[match.rule].id;
  if (suppressions_.Holds(rule_id, path, redactor_.Pseudonym(rule_id, value))) {
    return std::nullopt;
  }
  return options_.style == RecordRedactionStyle::kMarker
             ? Redactor::Markers().Replacement(rule_id, value)
             : redactor_.Replacement(rule_id, value);
}

absl::StatusOr<std::string> RecordRedaction::Line(
    const v1::HealthRecord& record) {
  const google::protobuf::Descriptor* const type =
      types_.FindByUrl(record.payload().type_url());
  if (type == nullptr) {
    return absl::InvalidArgumentError(
        "payload: want a message type known here, got another");
  }
  const std::unique_ptr<google::protobuf::Message> payload = types_.New(type);
  if (!payload->ParseFromString(record.payload().value())) {
    return absl::InvalidArgumentError(
        "payload: want well-formed protobuf, got bytes that are none");
  }
  SUBROSA_RETURN_IF_ERROR(free_text_->Redact(
      [this](const TextMatch& match, absl::string_view path,
             absl::string_view value) {
        return Replacement(match, path, value);
      },
      payload.get()));

  v1::HealthRecord rest = record;
  rest.clear_payload();
  std::string line;
  SUBROSA_RETURN_IF_ERROR(AppendMessageJson(rest, &line));
  std::string fields;
  SUBROSA_RETURN_IF_ERROR(AppendMessageJson(*payload, &fields));
  line.pop_back();
  absl::StrAppend(&line, line.size() > 1 ? "," : "", "\"payload\":{\"@type\":");
  AppendJsonText(record.payload().type_url(), &line);
  absl::StrAppend(&line, fields.size() > 2 ? "," : "",
                  absl::string_view(fields).substr(1), "}\n");
  return line;
}

}  // namespace subrosa
