#include "src/exports/payload_deidentifier.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"
#include "src/classify/redactor.h"
#include "src/classify/text_rules.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr int kMaxDepth = 100;
// A whole number above it is no age.
constexpr int64_t kNoAge = 150;

constexpr char kTimestamp[] = "google.protobuf.Timestamp";

bool IsTime(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == kTimestamp;
}

// Single values that say nothing but a quantity.
bool IsQuantity(const google::protobuf::Descriptor& message) {
  const std::string& name = message.full_name();
  return name == "google.protobuf.Duration" ||
         name == "google.protobuf.BoolValue" ||
         name == "google.protobuf.DoubleValue" ||
         name == "google.protobuf.FloatValue" ||
         name == "google.protobuf.Int32Value" ||
         name == "google.protobuf.Int64Value" ||
         name == "google.protobuf.UInt32Value" ||
         name == "google.protobuf.UInt64Value";
}

// Its members are names and values that no sentence stands around.
bool IsDocument(absl::string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  return !text.empty() && (text[0] == '{' || text[0] == '[' || text[0] == '<');
}

bool IsIdentifying(const v1::FieldMark& mark) {
  return mark.identifier() != v1::IDENTIFIER_UNSPECIFIED ||
         mark.personal_size() > 0 || mark.sensitive_size() > 0 ||
         mark.role() == v1::FIELD_ROLE_CONSUMER ||
         mark.role() == v1::FIELD_ROLE_RECORD_ID;
}

// A whole day as computers write one, "2024-03-05…" or "20240305"; false for
// what is none.
bool ParseDay(absl::string_view text, absl::CivilDay* day) {
  if (text.size() >= 10 && text[4] == '-' && text[7] == '-') {
    return absl::ParseCivilTime(text.substr(0, 10), day);
  }
  return text.size() == 8 &&
         absl::ParseCivilTime(
             absl::StrCat(text.substr(0, 4), "-", text.substr(4, 2), "-",
                          text.substr(6)),
             day);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PayloadDeidentifier>>
PayloadDeidentifier::Create(const SafeHarbor& rules, const TextScanner& scanner,
                            const Options& options) {
  if (options.this_year < 1000 || options.this_year > 9999) {
    return absl::InvalidArgumentError(absl::StrCat(
        "this_year: want a year of four digits, got ", options.this_year));
  }
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner.NewScratch());
  return std::unique_ptr<PayloadDeidentifier>(
      new PayloadDeidentifier(rules, scanner, options, std::move(scratch)));
}

absl::Time PayloadDeidentifier::Coarse(absl::Time time) const {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const int64_t told = absl::ToCivilYear(time, utc).year();
  const int64_t year = rules_.Year(told, options_.this_year);
  // A year that tells of a great age is no less telling for being moved.
  if (options_.dates == DateRule::kShifted && year == told) {
    return time + shift_days_ * absl::Hours(24);
  }
  return absl::FromCivil(absl::CivilYear(year), utc);
}

std::string PayloadDeidentifier::CoarseDate(absl::string_view text) const {
  const std::string year = rules_.DateText(text, options_.this_year);
  absl::CivilDay day;
  if (options_.dates == DateRule::kShifted && !year.empty() &&
      year == text.substr(0, 4) && ParseDay(text, &day)) {
    return absl::FormatCivilTime(day + shift_days_);
  }
  return year;
}

absl::Status PayloadDeidentifier::Apply(Message* payload,
                                        DeidentifiedCounts* counts,
                                        CoarseValues* coarse) {
  coarse_ = coarse;
  const absl::Status applied = ApplyBelow(payload, kMaxDepth, counts);
  coarse_ = nullptr;
  return applied;
}

void PayloadDeidentifier::CoarsenTime(Message* time) {
  const Reflection& reflection = *time->GetReflection();
  const google::protobuf::Descriptor& type = *time->GetDescriptor();
  const FieldDescriptor* seconds = type.FindFieldByName("seconds");
  const FieldDescriptor* nanos = type.FindFieldByName("nanos");
  const absl::Time coarse =
      Coarse(absl::FromUnixSeconds(reflection.GetInt64(*time, seconds)));
  reflection.SetInt64(time, seconds, absl::ToUnixSeconds(coarse));
  reflection.SetInt32(time, nanos, 0);
  if (coarse_ != nullptr && options_.dates == DateRule::kYears) {
    coarse_->insert(absl::StrCat(
        "year ", absl::ToCivilYear(coarse, absl::UTCTimeZone()).year()));
  }
}

absl::Status PayloadDeidentifier::ApplyBelow(Message* message, int depth,
                                             DeidentifiedCounts* counts) {
  if (depth == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "payload: want messages at most ", kMaxDepth, " deep, got deeper"));
  }
  const Reflection& reflection = *message->GetReflection();
  if (!reflection.GetUnknownFields(*message).empty()) {
    reflection.MutableUnknownFields(message)->Clear();
    ++counts->removed;
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    SUBROSA_RETURN_IF_ERROR(ApplyField(*field, message, depth, counts));
  }
  return absl::OkStatus();
}

absl::Status PayloadDeidentifier::ApplyField(const FieldDescriptor& field,
                                             Message* message, int depth,
                                             DeidentifiedCounts* counts) {
  const Reflection& reflection = *message->GetReflection();
  const auto remove = [&] {
    reflection.ClearField(message, &field);
    ++counts->removed;
    return absl::OkStatus();
  };
  SUBROSA_ASSIGN_OR_RETURN(const v1::FieldMark* known, Mark(field));
  const v1::FieldMark& mark = *known;
  // Extensions, maps and bytes may hold what nothing here describes.
  if (field.is_extension() || field.is_map() ||
      field.type() == FieldDescriptor::TYPE_BYTES) {
    return remove();
  }
  if (IsTime(field) || IsIdentifying(mark)) {
    if (!Coarsen(field, mark, message)) return remove();
    ++counts->coarsened;
    return absl::OkStatus();
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (IsSingleValue(*field.message_type())) {
      return IsMarked(mark) && IsQuantity(*field.message_type())
                 ? absl::OkStatus()
                 : remove();
    }
    if (!field.is_repeated()) {
      return ApplyBelow(reflection.MutableMessage(message, &field), depth - 1,
                        counts);
    }
    for (int i = 0; i < reflection.FieldSize(*message, &field); ++i) {
      SUBROSA_RETURN_IF_ERROR(
          ApplyBelow(reflection.MutableRepeatedMessage(message, &field, i),
                     depth - 1, counts));
    }
    return absl::OkStatus();
  }
  if (!IsMarked(mark)) return remove();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return absl::OkStatus();
  }
  if (mark.free_text() && !options_.keep_text) return remove();
  const int size =
      field.is_repeated() ? reflection.FieldSize(*message, &field) : 1;
  std::string room;
  for (int i = 0; i < size; ++i) {
    const std::string& text =
        field.is_repeated()
            ? reflection.GetRepeatedStringReference(*message, &field, i, &room)
            : reflection.GetStringReference(*message, &field, &room);
    if (IsDocument(text)) return remove();
    std::string redacted;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_redacted,
                             Redact(text, &redacted, counts));
    if (!is_redacted) continue;
    if (field.is_repeated()) {
      reflection.SetRepeatedString(message, &field, i, std::move(redacted));
    } else {
      reflection.SetString(message, &field, std::move(redacted));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<const v1::FieldMark*> PayloadDeidentifier::Mark(
    const FieldDescriptor& field) {
  const auto known = marks_.find(&field);
  if (known != marks_.end()) return &known->second;
  SUBROSA_ASSIGN_OR_RETURN(v1::FieldMark mark, MarkOf(field));
  return &marks_.emplace(&field, std::move(mark)).first->second;
}

bool PayloadDeidentifier::Coarsen(const FieldDescriptor& field,
                                  const v1::FieldMark& mark, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  if (IsTime(field)) {
    // A time marked as something else than one is an identifier.
    const bool is_other = mark.identifier() != v1::IDENTIFIER_UNSPECIFIED &&
                          mark.identifier() != v1::IDENTIFIER_DATE;
    if (is_other) return false;
    if (!field.is_repeated()) {
      CoarsenTime(reflection.MutableMessage(message, &field));
      return true;
    }
    for (int i = 0; i < reflection.FieldSize(*message, &field); ++i) {
      CoarsenTime(reflection.MutableRepeatedMessage(message, &field, i));
    }
    return true;
  }
  if (field.is_repeated()) return false;
  const auto note = [&](const auto& value) {
    if (coarse_ == nullptr) return;
    coarse_->insert(absl::StrCat(field.full_name(), " ", value));
  };
  const bool is_date = mark.identifier() == v1::IDENTIFIER_DATE;
  if (field.type() == FieldDescriptor::TYPE_STRING) {
    if (!is_date && mark.identifier() != v1::IDENTIFIER_ADDRESS) return false;
    const std::string text = reflection.GetString(*message, &field);
    std::string coarse = is_date ? CoarseDate(text) : rules_.PostalCode(text);
    if (coarse.empty()) return false;
    // What was moved tells nobody a date.
    if (!is_date || options_.dates == DateRule::kYears) note(coarse);
    reflection.SetString(message, &field, std::move(coarse));
    return true;
  }
  if (!is_date) return false;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      const int32_t age = reflection.GetInt32(*message, &field);
      if (age < 0 || age > kNoAge) return false;
      reflection.SetInt32(message, &field,
                          static_cast<int32_t>(rules_.Age(age)));
      note(rules_.Age(age));
      return true;
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      const uint32_t age = reflection.GetUInt32(*message, &field);
      if (age > kNoAge) return false;
      reflection.SetUInt32(message, &field,
                           static_cast<uint32_t>(rules_.Age(age)));
      note(rules_.Age(age));
      return true;
    }
    default:
      return false;
  }
}

bool PayloadDeidentifier::IsHidden(const TextMatch& match,
                                   absl::string_view found) const {
  if (match.rule != static_cast<uint16_t>(TextRuleId::kYear)) return true;
  // Years stay, but for those that tell of a great age. One in other digits
  // than ASCII's is not read.
  int64_t year;
  if (!absl::SimpleAtoi(found, &year)) return true;
  const int64_t age = options_.this_year - year;
  return age > rules_.oldest_age() && age <= kNoAge;
}

const std::string& PayloadDeidentifier::MarkerOf(uint16_t rule) {
  // A year that is hidden tells of a great age.
  if (rule == static_cast<uint16_t>(TextRuleId::kYear)) {
    rule = static_cast<uint16_t>(TextRuleId::kAgeOver89);
  }
  if (rule >= markers_.size()) markers_.resize(TextRules().size());
  std::string& marker = markers_[rule];
  if (marker.empty()) {
    marker = Redactor::Markers().Replacement(TextRules()[rule].id, "");
  }
  return marker;
}

absl::StatusOr<bool> PayloadDeidentifier::Redact(absl::string_view text,
                                                 std::string* redacted,
                                                 DeidentifiedCounts* counts) {
  SUBROSA_RETURN_IF_ERROR(scanner_.Scan(text, scratch_.get(), &matches_));
  size_t at = 0;
  for (const TextMatch& match : matches_) {
    const ByteSpan& span = match.span;
    if (!IsHidden(match, text.substr(span.offset, span.length))) continue;
    absl::StrAppend(redacted, text.substr(at, span.offset - at),
                    MarkerOf(match.rule));
    at = span.offset + span.length;
    ++counts->redacted;
  }
  if (at == 0) return false;
  absl::StrAppend(redacted, text.substr(at));
  return true;
}

}  // namespace subrosa
