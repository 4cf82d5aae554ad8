#include "src/exports/aggregate_policy.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/classify/marks.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;

// Fewer would be no group; more, nobody has.
constexpr int32_t kLeastLeast = 5;
constexpr int32_t kMostLeast = 1'000'000;
constexpr size_t kMaxTitleBytes = 256;

absl::Status Wrong(absl::string_view field, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": want ", want));
}

absl::Status CheckQuestion(const v1::AggregateQuestion& question,
                           std::set<std::string>* ids) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("question.id", question.id()));
  if (!ids->insert(question.id()).second) {
    return Wrong("question.id", "each once, got one twice");
  }
  if (question.title().empty() || question.title().size() > kMaxTitleBytes) {
    return Wrong("question.title", "1 to 256 bytes, got another length");
  }
  if (question.recipient().empty() || question.purpose().empty() ||
      question.schema().empty()) {
    return Wrong("question", "a recipient, a purpose and a schema, got less");
  }
  return absl::OkStatus();
}

int32_t Days(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

absl::StatusOr<ValuePath> ParsePath(const Descriptor& type,
                                    absl::string_view text,
                                    absl::string_view what) {
  ValuePath path;
  const Descriptor* at = &type;
  for (const absl::string_view name : absl::StrSplit(text, '.')) {
    const FieldDescriptor* const field =
        at == nullptr ? nullptr : at->FindFieldByName(std::string(name));
    if (field == nullptr || field->is_repeated()) {
      return Wrong(what, "the path of a field that is not repeated, got none");
    }
    SUBROSA_ASSIGN_OR_RETURN(const v1::FieldMark mark, MarkOf(*field));
    const bool identifies = mark.identifier() != v1::IDENTIFIER_UNSPECIFIED ||
                            mark.personal_size() > 0 ||
                            mark.role() == v1::FIELD_ROLE_CONSUMER ||
                            mark.role() == v1::FIELD_ROLE_RECORD_ID;
    if (identifies || mark.free_text()) {
      return Wrong(what,
                   "a field that identifies nobody and that nobody wrote "
                   "freely, got one that does");
    }
    path.push_back(field);
    at = field->message_type();
    if (at == nullptr && !IsMarked(mark)) {
      return Wrong(what, "a field that is marked, got one that is not");
    }
  }
  return path;
}

bool IsNumber(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<PeriodDays> ParsePeriod(v1::AggregatePeriod unit,
                                       absl::string_view text) {
  int year = 0;
  int part = 0;
  const absl::string_view rest = text.size() > 4 ? text.substr(4) : "";
  bool is_good = text.size() >= 4 &&
                 absl::SimpleAtoi(text.substr(0, 4), &year) && year >= 1900 &&
                 year <= 9998;
  for (size_t i = 0; i < 4 && is_good; ++i) {
    is_good = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
  }
  absl::CivilMonth first(year);
  int months = 12;
  switch (unit) {
    case v1::AGGREGATE_PERIOD_YEAR:
      is_good = is_good && rest.empty();
      break;
    case v1::AGGREGATE_PERIOD_QUARTER:
      is_good = is_good && rest.size() == 3 && rest.substr(0, 2) == "-Q" &&
                rest[2] >= '1' && rest[2] <= '4';
      if (is_good) first += 3 * (rest[2] - '1');
      months = 3;
      break;
    case v1::AGGREGATE_PERIOD_MONTH:
      is_good = is_good && rest.size() == 3 && rest[0] == '-' &&
                absl::ascii_isdigit(static_cast<unsigned char>(rest[1])) &&
                absl::SimpleAtoi(rest.substr(1), &part) && part >= 1 &&
                part <= 12;
      if (is_good) first += part - 1;
      months = 1;
      break;
    default:
      is_good = false;
  }
  if (!is_good) {
    return Wrong("period",
                 "one of the policy's: a year as 2026, a quarter as 2026-Q2 or "
                 "a month as 2026-05, got another");
  }
  return PeriodDays{Days(absl::CivilDay(first)),
                    Days(absl::CivilDay(first + months)) - 1};
}

absl::StatusOr<ValuePath> ParseGroupPath(const Descriptor& type,
                                         absl::string_view text) {
  SUBROSA_ASSIGN_OR_RETURN(ValuePath path, ParsePath(type, text, "group_by"));
  switch (path.back()->cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      if (path.back()->type() != FieldDescriptor::TYPE_BYTES) return path;
      break;
    default:
      break;
  }
  return Wrong("group_by",
               "an enum, a bool, a whole number or a string, got another");
}

absl::StatusOr<ValuePath> ParseNumberPath(const Descriptor& type,
                                          absl::string_view text) {
  SUBROSA_ASSIGN_OR_RETURN(ValuePath path, ParsePath(type, text, "mean_of"));
  if (IsNumber(*path.back())) return path;
  return Wrong("mean_of", "a number, got another");
}

absl::StatusOr<v1::AggregatePolicy> ParseAggregatePolicy(
    absl::string_view name, absl::string_view text, absl::string_view entity) {
  v1::AggregatePolicy policy;
  TextprotoFile file(name, text);
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxAggregatePolicyBytes, &policy));
  if (policy.entity() != entity) {
    return file.At(policy, "entity", -1,
                   Wrong("entity", "the home's own, got another"));
  }
  if (policy.least_group() < kLeastLeast || policy.least_group() > kMostLeast) {
    return file.At(
        policy, "least_group", -1,
        Wrong("least_group", absl::StrCat(kLeastLeast, " to ", kMostLeast,
                                          ", got ", policy.least_group())));
  }
  if (!v1::AggregatePeriod_IsValid(policy.period()) ||
      policy.period() == v1::AGGREGATE_PERIOD_UNSPECIFIED) {
    return file.At(policy, "period", -1, Wrong("period", "one, got none"));
  }
  if (policy.question_size() < 1 ||
      policy.question_size() > kMaxAggregateQuestions) {
    return file.At(Wrong(
        "question", absl::StrCat("1 to ", kMaxAggregateQuestions,
                                 " of them, got ", policy.question_size())));
  }
  std::set<std::string> ids;
  for (int i = 0; i < policy.question_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(file.At(policy, "question", i,
                                    CheckQuestion(policy.question(i), &ids)));
  }
  return policy;
}

}  // namespace subrosa
