#include "src/exports/set_lines.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/taxonomy_facts.h"
#include "src/exports/message_json.h"
#include "subrosa/v1/deidentified.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Message;

std::string Slugs(uint32_t categories, absl::string_view quote,
                  absl::string_view between) {
  std::string slugs;
  for (const v1::HealthCategory category :
       CategorySet::FromBits(categories).Values()) {
    absl::StrAppend(&slugs, slugs.empty() ? "" : between, quote, Slug(category),
                    quote);
  }
  return slugs;
}

absl::Status AppendJson(const SetRecord& record, const Message& payload,
                        std::string* out) {
  absl::StrAppend(out, "{\"consumer\":\"", record.consumer, "\",\"when\":\"",
                  record.when, "\",\"categories\":[",
                  Slugs(record.categories, "\"", ","), "],\"content\":");
  SUBROSA_RETURN_IF_ERROR(AppendMessageJson(payload, out));
  out->append("}\n");
  return absl::OkStatus();
}

void AppendDelimited(const SetRecord& record, const Message& payload,
                     std::string* out) {
  v1::DeidentifiedRecord message;
  message.set_consumer(record.consumer);
  message.set_when(record.when);
  for (const v1::HealthCategory category :
       CategorySet::FromBits(record.categories).Values()) {
    message.add_category(category);
  }
  message.mutable_payload()->PackFrom(payload);
  google::protobuf::io::StringOutputStream stream(out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  // Memory is all that it could run out of.
  google::protobuf::util::SerializeDelimitedToCodedStream(message, &coded);
}

}  // namespace

absl::string_view SetFormSuffix(SetForm form) {
  switch (form) {
    case SetForm::kNdjson:
      return "ndjson";
    case SetForm::kCsv:
      return "csv";
    case SetForm::kProtobuf:
      break;
  }
  return "binpb";
}

void SetLines::AppendHead(std::string* out) const {
  if (form_ != SetForm::kCsv) return;
  out->append("\"consumer\",\"when\",\"categories\"");
  table_.AppendValueNames(out);
  out->append("\r\n");
}

absl::Status SetLines::Append(const SetRecord& record, const Message& payload,
                              std::string* out) const {
  switch (form_) {
    case SetForm::kNdjson:
      return AppendJson(record, payload, out);
    case SetForm::kProtobuf:
      AppendDelimited(record, payload, out);
      return absl::OkStatus();
    case SetForm::kCsv:
      break;
  }
  AppendCsvCell(record.consumer, out);
  for (const std::string& cell :
       {record.when, Slugs(record.categories, "", " ")}) {
    out->push_back(',');
    AppendCsvCell(cell, out);
  }
  SUBROSA_RETURN_IF_ERROR(table_.AppendValues(payload, out));
  out->append("\r\n");
  return absl::OkStatus();
}

}  // namespace subrosa
