#include "src/vault/indexed_field.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Unicode text as D145 compares it; composed again, which changes nothing of
// what is equal.
absl::StatusOr<std::string> Fold(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const decompose =
      icu::Normalizer2::getNFDInstance(error);
  const icu::Normalizer2* const compose =
      icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error) || text.size() > std::numeric_limits<int32_t>::max()) {
    return absl::InternalError("index: the text cannot be normalized");
  }
  icu::UnicodeString folded =
      decompose->normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(
                               text.data(), static_cast<int32_t>(text.size()))),
                           error);
  folded.foldCase();
  folded = compose->normalize(folded, error);
  if (U_FAILURE(error)) {
    return absl::InternalError("index: the text cannot be normalized");
  }
  std::string result;
  folded.toUTF8String(result);
  return result;
}

bool IsDeniedName(absl::string_view name) {
  for (const absl::string_view word : absl::StrSplit(name, '_')) {
    for (const absl::string_view denied :
         {"hiv", "sex", "gender", "pregnant", "pregnancy", "chapter"}) {
      if (word == denied) return true;
    }
  }
  return false;
}

bool IsEnumerable(v1::IdentifierKind identifier) {
  switch (identifier) {
    case v1::IDENTIFIER_DATE:
    case v1::IDENTIFIER_PHONE:
    case v1::IDENTIFIER_FAX:
    case v1::IDENTIFIER_SSN:
    case v1::IDENTIFIER_MEDICAL_RECORD_NUMBER:
    case v1::IDENTIFIER_HEALTH_PLAN_NUMBER:
    case v1::IDENTIFIER_ACCOUNT_NUMBER:
    case v1::IDENTIFIER_LICENSE_NUMBER:
    case v1::IDENTIFIER_VEHICLE:
    case v1::IDENTIFIER_IP_ADDRESS:
      return true;
    default:
      return false;
  }
}

bool IsSensitive(const v1::FieldMark& mark) {
  const auto& personal = mark.personal();
  return mark.health_size() > 0 || mark.label_size() > 0 ||
         mark.sensitive_size() > 0 || mark.role() == v1::FIELD_ROLE_CODE ||
         // What it is depends on the record: it may be health data.
         mark.from_parent() ||
         std::find(personal.begin(), personal.end(),
                   v1::PERSONAL_CATEGORY_PROTECTED_CLASSIFICATIONS) !=
             personal.end();
}

}  // namespace

absl::StatusOr<IndexedField> IndexedField::Resolve(absl::string_view schema,
                                                   absl::string_view path,
                                                   const MessageTypes& types) {
  IndexedField field(schema, path, types);
  field.type_ = types.Find(schema);
  if (field.type_ == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "index.schema: want a message that is known here, got `", schema,
        "`; a service's own messages come with --descriptor-set"));
  }
  const google::protobuf::Descriptor* type = field.type_;
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    const FieldDescriptor* const next =
        type == nullptr ? nullptr : type->FindFieldByName(std::string(name));
    if (next == nullptr || next->is_map()) {
      return absl::InvalidArgumentError(
          absl::StrCat("index.field: want the path of a field of `", schema,
                       "` that is in no map, got another at `", name, "`"));
    }
    field.fields_.push_back(next);
    type = next->message_type();
  }
  SUBROSA_RETURN_IF_ERROR(field.ReadMarks());
  return field;
}

absl::Status IndexedField::ReadMarks() {
  const FieldDescriptor& last = *fields_.back();
  switch (last.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_ENUM:
      facts_.has_few_values = true;
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      facts_.is_exact = true;
      break;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      facts_.is_exact = true;
      facts_.is_enumerable = true;
      break;
    default:
      break;
  }
  // A mark on a message's field holds for all below it.
  for (const FieldDescriptor* const field : fields_) {
    SUBROSA_ASSIGN_OR_RETURN(const v1::FieldMark mark, MarkOf(*field));
    facts_.is_free_text |= mark.free_text();
    facts_.is_sensitive |= IsSensitive(mark);
    facts_.is_enumerable |= IsEnumerable(mark.identifier());
    facts_.is_denied_by_name |= IsDeniedName(field->name());
    if (field == &last) facts_.is_marked = IsMarked(mark);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> IndexedField::ValuesIn(
    const v1::HealthRecord& record) const {
  std::vector<std::string> values;
  if (!facts_.is_exact ||
      types_->FindByUrl(record.payload().type_url()) != type_) {
    return values;
  }
  const std::unique_ptr<Message> payload = types_->New(type_);
  if (!payload->ParseFromString(record.payload().value())) return values;
  SUBROSA_RETURN_IF_ERROR(Collect(*payload, 0, &values));
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

absl::Status IndexedField::Collect(const Message& message, size_t depth,
                                   std::vector<std::string>* values) const {
  const FieldDescriptor* const field = fields_[depth];
  const Reflection& reflection = *message.GetReflection();
  const int count = field->is_repeated()
                        ? reflection.FieldSize(message, field)
                        : (reflection.HasField(message, field) ? 1 : 0);
  for (int i = 0; i < count; ++i) {
    const auto get = [&](auto repeated, auto single) {
      return field->is_repeated() ? (reflection.*repeated)(message, field, i)
                                  : (reflection.*single)(message, field);
    };
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        const Message& inner =
            field->is_repeated()
                ? reflection.GetRepeatedMessage(message, field, i)
                : reflection.GetMessage(message, field);
        SUBROSA_RETURN_IF_ERROR(Collect(inner, depth + 1, values));
        break;
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string text =
            get(&Reflection::GetRepeatedString, &Reflection::GetString);
        if (text.empty()) break;
        if (field->type() == FieldDescriptor::TYPE_STRING) {
          SUBROSA_ASSIGN_OR_RETURN(text, Fold(text));
        }
        values->push_back(std::move(text));
        break;
      }
      case FieldDescriptor::CPPTYPE_INT32:
        values->push_back(absl::StrCat(
            get(&Reflection::GetRepeatedInt32, &Reflection::GetInt32)));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        values->push_back(absl::StrCat(
            get(&Reflection::GetRepeatedInt64, &Reflection::GetInt64)));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        values->push_back(absl::StrCat(
            get(&Reflection::GetRepeatedUInt32, &Reflection::GetUInt32)));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        values->push_back(absl::StrCat(
            get(&Reflection::GetRepeatedUInt64, &Reflection::GetUInt64)));
        break;
      default:
        break;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> IndexedField::Normalize(
    absl::string_view text) const {
  const FieldDescriptor& last = *fields_.back();
  if (!facts_.is_exact) {
    return absl::InvalidArgumentError(
        "value: want a field of text, bytes or whole numbers, got one of "
        "another type");
  }
  if (text.empty()) {
    return absl::InvalidArgumentError("value: want one, got an empty text");
  }
  if (last.type() == FieldDescriptor::TYPE_STRING) return Fold(text);
  if (last.type() == FieldDescriptor::TYPE_BYTES) return std::string(text);
  int64_t number;
  if (absl::SimpleAtoi(text, &number)) return absl::StrCat(number);
  uint64_t large;
  if (absl::SimpleAtoi(text, &large)) return absl::StrCat(large);
  return absl::InvalidArgumentError(
      "value: want a whole number in decimal, got another text");
}

}  // namespace subrosa
