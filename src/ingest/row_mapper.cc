#include "src/ingest/row_mapper.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/field_path.h"
#include "src/ingest/mapping_file.h"
#include "src/ingest/record_finisher.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr int kMaxAnswer = 3;  // Of an item of PHQ-9 and GAD-7.
constexpr double kMaxDurationSeconds = 315576000000;
constexpr double kNanosPerSecond = 1e9;
constexpr size_t kMaxGivenBytes = 256;  // Of a number as it was written.

absl::Status WrongRow(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("row: want ", want, ", got ", got));
}

// Timestamp and Duration have the same two fields. By reflection: a message of
// a descriptor set has its own of them.
void SetSecondsAndNanos(int64_t seconds, int32_t nanos, Message* message) {
  const Descriptor& type = *message->GetDescriptor();
  const Reflection& reflection = *message->GetReflection();
  reflection.SetInt64(message, type.FindFieldByNumber(1), seconds);
  reflection.SetInt32(message, type.FindFieldByNumber(2), nanos);
}

bool ParseAnswer(absl::string_view text, int most, int* answer) {
  // As answers are mostly written.
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') {
    *answer = text[0] - '0';
    return *answer <= most;
  }
  double number;
  if (!ParseNumber(text, &number) || number < 0 || number > most ||
      number != std::floor(number)) {
    return false;
  }
  *answer = static_cast<int>(number);
  return true;
}

void SetTimestamp(const TextTime& time, google::protobuf::Timestamp* stamp) {
  stamp->set_seconds(time.seconds);
  stamp->set_nanos(time.nanos);
}

}  // namespace

RowMapper::RowMapper(const RowMapping* mapping)
    : mapping_(*mapping),
      message_(mapping_.types().New(&mapping_.message())),
      type_url_(
          absl::StrCat("type.googleapis.com/", mapping_.message().full_name())),
      consumer_field_(mapping_.role_field(v1::FIELD_ROLE_CONSUMER)),
      id_field_(mapping_.role_field(v1::FIELD_ROLE_RECORD_ID)),
      effective_field_(mapping_.role_field(v1::FIELD_ROLE_EFFECTIVE)),
      values_(mapping_.columns().size()),
      has_slot_(mapping_.slot_count()),
      slot_index_(mapping_.slot_count()) {}

absl::Status RowMapper::Wrong(int column, absl::string_view want) const {
  return absl::InvalidArgumentError(
      absl::StrCat(mapping_.columns()[column].label, ": want ", want, ", got ",
                   values_[column].has_value() ? "another value" : "none"));
}

absl::Status RowMapper::Map(absl::Span<const TableCell> cells,
                            v1::HealthRecord* record) {
  record->Clear();
  message_->Clear();
  SUBROSA_RETURN_IF_ERROR(Resolve(cells));
  SUBROSA_RETURN_IF_ERROR(FillRecord(record));
  SUBROSA_RETURN_IF_ERROR(
      mapping_.source().has_questionnaire() ? FillAssessment() : FillMessage());
  record->mutable_payload()->set_type_url(type_url_);
  if (!message_->IsInitialized()) {
    return WrongRow("every required field of the message", "not all");
  }
  message_->SerializeToString(record->mutable_payload()->mutable_value());
  return absl::OkStatus();
}

// Works out each cell's value: trimmed, translated, or missing.
absl::Status RowMapper::Resolve(absl::Span<const TableCell> cells) {
  for (size_t i = 0; i < values_.size(); ++i) {
    const MappedColumn& column = mapping_.columns()[i];
    TableCell& value = values_[i];
    value = column.is_ignored ? TableCell() : cells[i];
    if (value.has_value()) {
      if (value->size() > kMaxCellBytes) {
        return Wrong(static_cast<int>(i),
                     absl::StrCat("at most ", kMaxCellBytes, " bytes"));
      }
      if (mapping_.source().trim()) {
        value = absl::StripAsciiWhitespace(*value);
      }
      if (value->empty() ||
          std::find(column.missing.begin(), column.missing.end(), *value) !=
              column.missing.end()) {
        value.reset();
      }
    }
    if (!value.has_value()) {
      if (column.is_required) return Wrong(static_cast<int>(i), "a value");
      continue;
    }
    if (column.translation.empty()) continue;
    const auto found = column.translation.find(*value);
    if (found == column.translation.end()) {
      return Wrong(static_cast<int>(i),
                   absl::StrCat("one of the ", column.translation.size(),
                                " values that the mapping translates"));
    }
    value = found->second;
  }
  return absl::OkStatus();
}

absl::Status RowMapper::TakeTime(const RowMapping::TimeColumn& column,
                                 std::optional<TextTime>* time) const {
  if (column.column < 0 || !values_[column.column].has_value()) {
    return absl::OkStatus();
  }
  *time = column.time->Parse(*values_[column.column]);
  if (time->has_value()) return absl::OkStatus();
  return Wrong(column.column, "a time in the mapping's format and zone");
}

absl::Status RowMapper::FillRecord(v1::HealthRecord* record) {
  const absl::string_view consumer = *values_[mapping_.consumer()];
  record->set_consumer(consumer.data(), consumer.size());
  const Reflection& reflection = *message_->GetReflection();
  if (consumer_field_ != nullptr) {
    reflection.SetString(message_.get(), consumer_field_, record->consumer());
  }
  if (mapping_.record_id() >= 0 && values_[mapping_.record_id()].has_value()) {
    const absl::string_view id = *values_[mapping_.record_id()];
    record->set_id(id.data(), id.size());
    if (id_field_ != nullptr) {
      reflection.SetString(message_.get(), id_field_, record->id());
    }
  }
  std::optional<TextTime> start, end, collected;
  SUBROSA_RETURN_IF_ERROR(TakeTime(mapping_.effective(), &start));
  SUBROSA_RETURN_IF_ERROR(TakeTime(mapping_.effective_end(), &end));
  SUBROSA_RETURN_IF_ERROR(TakeTime(mapping_.collected_at(), &collected));
  if (start.has_value()) {
    SetStart(*start, record->mutable_effective());
    record->mutable_effective()->set_given_start(
        std::string(*values_[mapping_.effective().column]));
    if (effective_field_ != nullptr) {
      SetSecondsAndNanos(
          start->seconds, start->nanos,
          reflection.MutableMessage(message_.get(), effective_field_));
    }
  }
  if (end.has_value()) {
    if (!start.has_value()) {
      return Wrong(mapping_.effective().column,
                   "a start, since there is an end");
    }
    SetTimestamp(*end, record->mutable_effective()->mutable_end());
    record->mutable_effective()->set_given_end(
        std::string(*values_[mapping_.effective_end().column]));
  }
  if (collected.has_value()) {
    SetTimestamp(*collected, record->mutable_collected_at());
  }
  return absl::OkStatus();
}

absl::Status RowMapper::FillMessage() {
  std::fill(has_slot_.begin(), has_slot_.end(), false);
  std::fill(slot_index_.begin(), slot_index_.end(), -1);
  bool says_something = false;
  for (const RowStep& step : mapping_.steps()) {
    if (step.column < 0 || !values_[step.column].has_value()) continue;
    says_something = true;
    for (const RowStep::Hop& hop : step.hops) {
      if (hop.slot >= 0) has_slot_[hop.slot] = true;
    }
  }
  if (!says_something) {
    return WrongRow("a value for the message", "none");
  }
  for (const RowStep& step : mapping_.steps()) {
    if (step.column < 0 ? step.gate < 0 || has_slot_[step.gate]
                        : values_[step.column].has_value()) {
      SUBROSA_RETURN_IF_ERROR(Take(step));
      continue;
    }
    // A unit or a system without what it belongs to would be lost.
    if (step.partner >= 0 && values_[step.partner].has_value()) {
      return Wrong(step.column,
                   absl::StrCat("a value beside that of ",
                                mapping_.columns()[step.partner].label));
    }
  }
  return absl::OkStatus();
}

// The message that the first `hops` hops of `step` lead to.
Message* RowMapper::Enter(const RowStep& step, size_t hops) {
  Message* here = message_.get();
  for (size_t i = 0; i < hops; ++i) {
    const RowStep::Hop& hop = step.hops[i];
    const Reflection& reflection = *here->GetReflection();
    if (hop.slot < 0) {
      here = reflection.MutableMessage(here, hop.field);
      continue;
    }
    int& index = slot_index_[hop.slot];
    if (index < 0) {
      index = reflection.FieldSize(*here, hop.field);
      here = reflection.AddMessage(here, hop.field);
    } else {
      here = reflection.MutableRepeatedMessage(here, hop.field, index);
    }
  }
  return here;
}

absl::Status RowMapper::Take(const RowStep& step) {
  switch (step.kind) {
    case RowStep::Kind::kScalar: {
      Message* const parent = Enter(step, step.hops.size() - 1);
      if (step.column < 0) {
        SetScalar(step.text, *step.hops.back().field, parent);
        return absl::OkStatus();
      }
      const absl::string_view want =
          SetScalar(*values_[step.column], *step.hops.back().field, parent);
      return want.empty() ? absl::OkStatus() : Wrong(step.column, want);
    }
    case RowStep::Kind::kTime: {
      const std::optional<TextTime> time =
          step.time->Parse(*values_[step.column]);
      if (!time.has_value()) {
        return Wrong(step.column, "a time in the mapping's format and zone");
      }
      SetSecondsAndNanos(time->seconds, time->nanos,
                         Enter(step, step.hops.size()));
      return absl::OkStatus();
    }
    case RowStep::Kind::kDuration:
      return TakeDuration(step, Enter(step, step.hops.size()));
    default:
      return TakePair(step, Enter(step, step.hops.size()));
  }
}

absl::Status RowMapper::TakeDuration(const RowStep& step,
                                     Message* duration) const {
  double number;
  if (!ParseNumber(*values_[step.column], &number)) {
    return Wrong(step.column, "a number");
  }
  const double seconds = number * step.unit_seconds;
  if (std::abs(seconds) >= kMaxDurationSeconds) {
    return Wrong(step.column, "a duration of at most 10000 years");
  }
  int64_t whole = static_cast<int64_t>(seconds);
  int64_t nanos =
      std::llround((seconds - static_cast<double>(whole)) * kNanosPerSecond);
  whole += nanos / 1000000000;
  nanos %= 1000000000;
  SetSecondsAndNanos(whole, static_cast<int32_t>(nanos), duration);
  return absl::OkStatus();
}

// A code with its system, or a number with its unit.
absl::Status RowMapper::TakePair(const RowStep& step, Message* message) const {
  absl::string_view partner = step.text;
  if (step.partner >= 0) {
    if (!values_[step.partner].has_value()) {
      return Wrong(step.partner,
                   absl::StrCat("a value beside that of ",
                                mapping_.columns()[step.column].label));
    }
    partner = *values_[step.partner];
  }
  if (step.kind == RowStep::Kind::kQuantity) {
    if (step.partner >= 0 && !IsUcumShape(partner)) {
      return Wrong(step.partner, "a UCUM code");
    }
    if (partner == "1") partner = "";  // UCUM's unity: a bare number.
    const absl::string_view text = *values_[step.column];
    double number;
    if (step.given_field != nullptr && text.size() <= kMaxGivenBytes &&
        ParseNumber(text, &number) && absl::StrCat(number) != text) {
      message->GetReflection()->SetString(message, step.given_field,
                                          std::string(text));
    }
  }
  message->GetReflection()->SetString(message, step.partner_field,
                                      std::string(partner));
  const absl::string_view want =
      SetScalar(*values_[step.column], *step.value_field, message);
  return want.empty() ? absl::OkStatus() : Wrong(step.column, want);
}

absl::Status RowMapper::FillAssessment() {
  // FindMessage made sure that it is the linked type.
  auto& assessment = static_cast<v1::Assessment&>(*message_);
  const v1::Questionnaire& questionnaire = mapping_.source().questionnaire();
  assessment.set_instrument(questionnaire.instrument());
  int answers = 0;
  int sum = 0;
  for (const auto& [number, column] : mapping_.items()) {
    v1::AssessmentItem* const item = assessment.add_items();
    item->set_number(number);
    if (!values_[column].has_value()) continue;
    int answer;
    if (!ParseAnswer(*values_[column], kMaxAnswer, &answer)) {
      return Wrong(column, absl::StrCat("an answer of 0 to ", kMaxAnswer));
    }
    item->set_answer(answer);
    ++answers;
    sum += answer;
  }
  const int items = static_cast<int>(mapping_.items().size());
  const int column = mapping_.total();
  const bool has_total = column >= 0 && values_[column].has_value();
  if (items == 0) {
    int total;
    if (!has_total ||
        !ParseAnswer(*values_[column],
                     kMaxAnswer * ItemCount(questionnaire.instrument()),
                     &total)) {
      return Wrong(column, "a total in the instrument's range");
    }
    assessment.set_total(total);
    return absl::OkStatus();
  }
  const int least = std::max(1, questionnaire.min_answers());
  if (answers < least) {
    return WrongRow(absl::StrCat("answers to at least ", least, " items"),
                    absl::StrCat(answers));
  }
  int total;
  if (has_total &&
      (!ParseAnswer(*values_[column], kMaxAnswer * items, &total) ||
       total != sum)) {
    return Wrong(column, "the sum of the answers");
  }
  if (answers == items) assessment.set_total(sum);
  return absl::OkStatus();
}

}  // namespace subrosa
