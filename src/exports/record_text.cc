#include "src/exports/record_text.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/marks.h"
#include "src/classify/taxonomy_facts.h"
#include "src/exports/instant_text.h"
#include "src/exports/json_text.h"
#include "src/exports/message_json.h"
#include "src/exports/payload_text.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// Messages within messages get columns of their own so deep; below, one cell
// holds JSON.
constexpr size_t kMostColumnParts = 4;

void AppendMember(absl::string_view name, absl::string_view text,
                  std::string* out) {
  absl::StrAppend(out, ",\"", name, "\":");
  AppendJsonText(text, out);
}

// Whether a message of `type` can hold another of its own type.
bool IsAbove(const Descriptor& type,
             const std::vector<const FieldDescriptor*>& path) {
  for (const FieldDescriptor* field : path) {
    if (field->containing_type() == &type) return true;
  }
  return false;
}

}  // namespace

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

absl::Time WhenOf(const v1::HealthRecord& record) {
  return TimeOf(record.effective().has_start() ? record.effective().start()
                                               : record.collected_at());
}

void AppendCsvCell(absl::string_view text, std::string* out) {
  const bool formula =
      !text.empty() && absl::string_view("=+-@\t\r").find(text.front()) !=
                           absl::string_view::npos;
  double number;
  out->push_back('"');
  if (formula && !absl::SimpleAtod(text, &number)) out->push_back('\'');
  for (;;) {
    const size_t quote = text.find('"');
    out->append(text.data(), std::min(quote, text.size()));
    if (quote == absl::string_view::npos) break;
    out->append("\"\"");
    text.remove_prefix(quote + 1);
  }
  out->push_back('"');
}

std::string CategorySlugs(const RowFacts& facts) {
  std::string slugs;
  for (const v1::HealthCategory category :
       CategorySet::FromBits(facts.categories).Values()) {
    absl::StrAppend(&slugs, slugs.empty() ? "" : " ", Slug(category));
  }
  return slugs;
}

const std::string& RecordJson::KindsOf(const RowFacts& facts) {
  std::string& kinds = kinds_[{facts.categories, facts.labels}];
  if (!kinds.empty()) return kinds;
  kinds = ",\"categories\":[";
  for (const v1::HealthCategory category :
       CategorySet::FromBits(facts.categories).Values()) {
    const v1::ClauseFacts& clause = FactsOf(category);
    if (kinds.back() == '}') kinds.push_back(',');
    absl::StrAppend(&kinds, "{\"category\":\"", Slug(category), "\"");
    AppendMember("title", clause.title(), &kinds);
    AppendMember("clause", clause.clause(), &kinds);
    kinds.push_back('}');
  }
  kinds.append("],\"labels\":[");
  for (const v1::HealthLabel label :
       LabelSet::FromBits(facts.labels).Values()) {
    absl::StrAppend(&kinds, kinds.back() == '"' ? "," : "", "\"", Slug(label),
                    "\"");
  }
  kinds.push_back(']');
  return kinds;
}

const std::string& RecordJson::HeadOf(const Descriptor& type) {
  std::string& head = heads_[&type];
  if (head.empty()) {
    head = "{\"type\":";
    AppendJsonText(TypeTitle(type), &head);
  }
  return head;
}

absl::Status RecordJson::Append(const v1::HealthRecord& record,
                                const RowFacts& facts, const Message& payload,
                                std::string* out) {
  out->append(HeadOf(*payload.GetDescriptor()));
  AppendMember("schema", facts.schema, out);
  AppendMember("id", record.id(), out);
  AppendMember("source", record.source(), out);
  AppendMember("collected_at", InstantText(record.collected_at()), out);
  if (record.effective().has_start()) {
    AppendMember("effective_start", InstantText(record.effective().start()),
                 out);
  }
  if (record.effective().has_end()) {
    AppendMember("effective_end", InstantText(record.effective().end()), out);
  }
  AppendMember("purpose", record.purpose(), out);
  AppendMember("basis", v1::Basis_Name(record.basis()), out);
  const v1::Provenance& provenance = record.provenance();
  AppendMember("collection", v1::Collection_Name(provenance.collection()), out);
  if (!provenance.application().empty()) {
    AppendMember("application", provenance.application(), out);
  }
  if (!provenance.inference_rule().empty()) {
    AppendMember("inference_rule", provenance.inference_rule(), out);
  }
  if (!record.origin().system().empty()) {
    out->append(",\"origin\":{\"system\":");
    AppendJsonText(record.origin().system(), out);
    AppendMember("type", record.origin().type(), out);
    AppendMember("id", record.origin().id(), out);
    out->push_back('}');
  }
  out->append(KindsOf(facts));
  out->append(",\"content\":");
  SUBROSA_RETURN_IF_ERROR(AppendMessageJson(payload, out));
  out->push_back('}');
  return absl::OkStatus();
}

RecordTable::RecordTable(const Descriptor& type) { AddColumns(type, {}); }

void RecordTable::AddColumns(const Descriptor& type, const Path& above) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    Path path = above;
    path.push_back(field);
    const bool is_opened =
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        !field->is_repeated() && !IsSingleValue(*field->message_type()) &&
        path.size() < kMostColumnParts &&
        !IsAbove(*field->message_type(), path);
    if (is_opened) {
      AddColumns(*field->message_type(), path);
    } else {
      columns_.push_back(std::move(path));
    }
  }
}

void RecordTable::AppendHead(std::string* out) const {
  out->append(
      "\"record\",\"when\",\"source\",\"purpose\",\"collected_at\","
      "\"categories\"");
  AppendValueNames(out);
  out->append("\r\n");
}

void RecordTable::AppendValueNames(std::string* out) const {
  for (const Path& path : columns_) {
    out->push_back(',');
    AppendCsvCell(
        absl::StrJoin(path, ".",
                      [](std::string* name, const FieldDescriptor* field) {
                        name->append(field->name());
                      }),
        out);
  }
}

absl::Status RecordTable::AppendRow(const v1::HealthRecord& record,
                                    const RowFacts& facts,
                                    const Message& payload, std::string* out) {
  std::string& slugs = slugs_[facts.categories];
  if (slugs.empty()) slugs = CategorySlugs(facts);
  AppendCsvCell(record.id(), out);
  const std::string when = InstantText(WhenOf(record));
  const std::string collected = InstantText(record.collected_at());
  for (const absl::string_view cell :
       {absl::string_view(when), absl::string_view(record.source()),
        absl::string_view(record.purpose()), absl::string_view(collected),
        absl::string_view(slugs)}) {
    out->push_back(',');
    AppendCsvCell(cell, out);
  }
  SUBROSA_RETURN_IF_ERROR(AppendValues(payload, out));
  out->append("\r\n");
  return absl::OkStatus();
}

absl::Status RecordTable::AppendValues(const Message& payload,
                                       std::string* out) const {
  std::string text;
  for (const Path& path : columns_) {
    const Message* at = &payload;
    for (size_t i = 0; at != nullptr && i + 1 < path.size(); ++i) {
      const Reflection& reflection = *at->GetReflection();
      at = reflection.HasField(*at, path[i])
               ? &reflection.GetMessage(*at, path[i])
               : nullptr;
    }
    out->push_back(',');
    if (at == nullptr) continue;
    const FieldDescriptor& field = *path.back();
    if (field.type() == FieldDescriptor::TYPE_STRING && !field.is_repeated()) {
      const std::string& value =
          at->GetReflection()->GetStringReference(*at, &field, &text);
      if (!value.empty()) AppendCsvCell(value, out);
      continue;
    }
    text.clear();
    SUBROSA_RETURN_IF_ERROR(AppendFieldText(*at, field, &text));
    if (!text.empty()) AppendCsvCell(text, out);
  }
  return absl::OkStatus();
}

}  // namespace subrosa
