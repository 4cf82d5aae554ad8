#include "src/ingest/row_mapping_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using Use = v1::Column::UseCase;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

bool IsMessage(const FieldDescriptor& field, absl::string_view full_name) {
  return field.message_type() != nullptr &&
         field.message_type()->full_name() == full_name;
}

v1::FieldRole RoleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::field).role();
}

// The string field of `type` with `role`, or null.
const FieldDescriptor* StringWithRole(const Descriptor& type,
                                      v1::FieldRole role) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (RoleOf(*field) == role && !field->is_repeated() &&
        field->type() == FieldDescriptor::TYPE_STRING) {
      return field;
    }
  }
  return nullptr;
}

double SecondsOf(v1::DurationUnit unit) {
  switch (unit) {
    case v1::DURATION_UNIT_MILLISECONDS:
      return 0.001;
    case v1::DURATION_UNIT_SECONDS:
      return 1;
    case v1::DURATION_UNIT_MINUTES:
      return 60;
    case v1::DURATION_UNIT_HOURS:
      return 3600;
    default:
      return 0;
  }
}

}  // namespace

RowMappingBuilder::RowMappingBuilder(const MappingFile& file,
                                     const MessageTypes* types)
    : file_(file), mapping_(new RowMapping()) {
  mapping_->source_ = file.mapping();
  mapping_->types_ = types;
}

absl::StatusOr<std::unique_ptr<const RowMapping>>
RowMappingBuilder::Build() && {
  const v1::TableMapping& source = file_.mapping();
  SUBROSA_RETURN_IF_ERROR(file_.InTable(FindMessage()));
  for (int i = 0; i < source.column_size(); ++i) {
    mapping_->by_name_[source.column(i).name()] = i;
  }
  for (int i = 0; i < source.column_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(file_.InColumn(i, AddColumn(i)));
  }
  for (int i = 0; i < source.constant_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        file_.InConstant(i, AddConstant(source.constant(i))));
  }
  SUBROSA_RETURN_IF_ERROR(file_.InTable(CheckLists()));
  Finish();
  return std::unique_ptr<const RowMapping>(std::move(mapping_));
}

absl::Status RowMappingBuilder::FindMessage() {
  const std::string& name = file_.mapping().message();
  mapping_->message_ = mapping_->types_->Find(name);
  if (mapping_->message_ == nullptr) {
    return Wrong("message", "the full name of a known message",
                 absl::StrCat("`", name, "`"));
  }
  if (!IsMarked(*mapping_->message_)) {
    return Wrong("message", "a message with marks",
                 absl::StrCat("`", name, "`"));
  }
  const bool is_assessment = mapping_->message_ == v1::Assessment::descriptor();
  if (is_assessment != file_.mapping().has_questionnaire()) {
    return Wrong("questionnaire",
                 absl::StrCat("one exactly where the message is `",
                              v1::Assessment::descriptor()->full_name(), "`"),
                 is_assessment ? "none" : "one");
  }
  return absl::OkStatus();
}

absl::Status RowMappingBuilder::AddColumn(int index) {
  const v1::Column& column = file_.mapping().column(index);
  MappedColumn mapped;
  mapped.name = column.name();
  mapped.label = absl::StrCat("column.", column.name());
  mapped.is_required = column.required() || column.has_consumer();
  mapped.is_ignored = column.use_case() == Use::kIgnore;
  mapped.missing.assign(file_.mapping().missing().begin(),
                        file_.mapping().missing().end());
  mapped.missing.insert(mapped.missing.end(), column.missing().begin(),
                        column.missing().end());
  for (const v1::Translation& translation : column.translation()) {
    mapped.translation[translation.from()] = translation.to();
  }
  mapping_->columns_.push_back(std::move(mapped));
  switch (column.use_case()) {
    case Use::kConsumer:
      mapping_->consumer_ = index;
      return CheckRole(v1::FIELD_ROLE_CONSUMER);
    case Use::kRecordId:
      mapping_->record_id_ = index;
      return CheckRole(v1::FIELD_ROLE_RECORD_ID);
    case Use::kEffective:
      SUBROSA_RETURN_IF_ERROR(
          SetTime(index, column.effective(), &mapping_->effective_));
      return CheckRole(v1::FIELD_ROLE_EFFECTIVE);
    case Use::kEffectiveEnd:
      return SetTime(index, column.effective_end(), &mapping_->effective_end_);
    case Use::kCollectedAt:
      return SetTime(index, column.collected_at(), &mapping_->collected_at_);
    case Use::kField:
      return Annotate(AddField(index, column.field()), "field");
    case Use::kCode:
      return Annotate(AddCode(index, column.code()), "code");
    case Use::kQuantity:
      return Annotate(AddQuantity(index, column.quantity()), "quantity");
    case Use::kItem:
      mapping_->items_.emplace_back(column.item().number(), index);
      return absl::OkStatus();
    case Use::kTotal:
      mapping_->total_ = index;
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

absl::Status RowMappingBuilder::SetTime(int column, const v1::TimeUse& use,
                                        RowMapping::TimeColumn* time) {
  SUBROSA_ASSIGN_OR_RETURN(time->time, TableTime::Make(use));
  time->column = column;
  return absl::OkStatus();
}

// A message with a field of this role gets the value there too, so that it
// reads the same as one that came bare.
absl::Status RowMappingBuilder::CheckRole(v1::FieldRole role) {
  const FieldDescriptor* const field = mapping_->role_field(role);
  if (field == nullptr) return absl::OkStatus();
  const bool fits = role == v1::FIELD_ROLE_EFFECTIVE
                        ? IsMessage(*field, "google.protobuf.Timestamp")
                        : field->type() == FieldDescriptor::TYPE_STRING;
  if (!fits || field->is_repeated()) {
    return Wrong("message",
                 absl::StrCat("one value that fits ", v1::FieldRole_Name(role)),
                 absl::StrCat("`", field->full_name(), "`"));
  }
  return Occupy(absl::StrCat(".", field->name()));
}

absl::StatusOr<RowMappingBuilder::Placed> RowMappingBuilder::Place(
    absl::string_view path) {
  if (mapping_->source_.has_questionnaire()) {
    return Wrong("path", "items and a total alone in a questionnaire",
                 "a path");
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<PathHop> hops,
                           ParseFieldPath(*mapping_->message_, path));
  Placed placed;
  std::string here;
  for (const PathHop& hop : hops) {
    if (const auto* const oneof = hop.field->real_containing_oneof()) {
      const std::string key = absl::StrCat(here, "/", oneof->name());
      const auto [found, is_new] = oneofs_.emplace(key, hop.field->name());
      if (!is_new && found->second != hop.field->name()) {
        return Wrong(
            "path",
            absl::StrCat("one member of the oneof `", oneof->name(), "`"),
            "a second");
      }
    }
    absl::StrAppend(&here, ".", hop.field->name());
    if (hop.index >= 0) {
      lists_[here].insert(hop.index);
      absl::StrAppend(&here, "[", hop.index, "]");
      placed.elements.push_back(here);
    }
    placed.step.hops.push_back({hop.field, -1});
    placed.order.emplace_back(hop.field->number(), hop.index);
  }
  return placed;
}

absl::Status RowMappingBuilder::Occupy(const std::string& field) {
  // What lies above or below what is filled would overwrite it.
  for (const std::string& other : occupied_) {
    const bool is_same = other == field;
    if (is_same || absl::StartsWith(other, field + ".") ||
        absl::StartsWith(field, other + ".")) {
      return Wrong("path", "a field that nothing else fills",
                   absl::StrCat("`", field.substr(1), "` again"));
    }
  }
  occupied_.insert(field);
  return absl::OkStatus();
}

absl::Status RowMappingBuilder::AddField(int column, const v1::FieldUse& use) {
  SUBROSA_ASSIGN_OR_RETURN(Placed placed, Place(use.path()));
  SUBROSA_RETURN_IF_ERROR(Occupy(absl::StrCat(".", use.path())));
  placed.step.column = column;
  const FieldDescriptor& leaf = *placed.step.hops.back().field;
  const bool is_time = IsMessage(leaf, "google.protobuf.Timestamp");
  const bool is_duration = IsMessage(leaf, "google.protobuf.Duration");
  if (use.has_time() != is_time) {
    return Wrong("time", "a format exactly for a google.protobuf.Timestamp",
                 is_time ? "none" : "one");
  }
  placed.step.unit_seconds = SecondsOf(use.duration());
  if ((placed.step.unit_seconds > 0) != is_duration) {
    return Wrong("duration", "a unit exactly for a google.protobuf.Duration",
                 is_duration ? "none" : "one");
  }
  if (is_time) {
    placed.step.kind = RowStep::Kind::kTime;
    SUBROSA_ASSIGN_OR_RETURN(placed.step.time, TableTime::Make(use.time()));
  } else if (is_duration) {
    placed.step.kind = RowStep::Kind::kDuration;
  } else if (leaf.message_type() != nullptr ||
             leaf.type() == FieldDescriptor::TYPE_BYTES) {
    return Wrong("path", "a field of one value in text",
                 absl::StrCat("`", leaf.full_name(), "`"));
  }
  placed_.push_back(std::move(placed));
  return absl::OkStatus();
}

absl::Status RowMappingBuilder::AddCode(int column, const v1::CodeUse& use) {
  SUBROSA_ASSIGN_OR_RETURN(Placed placed, Place(use.path()));
  RowStep& step = placed.step;
  const Descriptor* const type = step.hops.back().field->message_type();
  if (type != nullptr) {
    step.value_field = StringWithRole(*type, v1::FIELD_ROLE_CODE);
    step.partner_field = StringWithRole(*type, v1::FIELD_ROLE_CODE_SYSTEM);
  }
  if (step.value_field == nullptr || step.partner_field == nullptr) {
    return Wrong("path", "a message with a code and its system, like a Coding",
                 absl::StrCat("`", use.path(), "`"));
  }
  for (const FieldDescriptor* field : {step.value_field, step.partner_field}) {
    SUBROSA_RETURN_IF_ERROR(
        Occupy(absl::StrCat(".", use.path(), ".", field->name())));
  }
  step.kind = RowStep::Kind::kCode;
  step.column = column;
  step.text = use.system();
  step.partner = mapping_->Find(use.system_column());
  placed_.push_back(std::move(placed));
  return absl::OkStatus();
}

absl::Status RowMappingBuilder::AddQuantity(int column,
                                            const v1::QuantityUse& use) {
  SUBROSA_ASSIGN_OR_RETURN(Placed placed, Place(use.path()));
  RowStep& step = placed.step;
  if (!IsMessage(*step.hops.back().field, "subrosa.v1.Quantity")) {
    return Wrong("path", "a subrosa.v1.Quantity",
                 absl::StrCat("`", use.path(), "`"));
  }
  SUBROSA_RETURN_IF_ERROR(Occupy(absl::StrCat(".", use.path())));
  const Descriptor& type = *step.hops.back().field->message_type();
  step.value_field = type.FindFieldByName("value");
  step.partner_field = type.FindFieldByName("unit");
  step.given_field = type.FindFieldByName("given_value");
  step.kind = RowStep::Kind::kQuantity;
  step.column = column;
  step.text = use.unit();
  step.partner = mapping_->Find(use.unit_column());
  placed_.push_back(std::move(placed));
  return absl::OkStatus();
}

absl::Status RowMappingBuilder::AddConstant(const v1::Constant& constant) {
  SUBROSA_ASSIGN_OR_RETURN(Placed placed, Place(constant.path()));
  SUBROSA_RETURN_IF_ERROR(Occupy(absl::StrCat(".", constant.path())));
  placed.step.text = constant.value();
  const FieldDescriptor& leaf = *placed.step.hops.back().field;
  const auto scratch = mapping_->types_->New(leaf.containing_type());
  const absl::string_view want =
      leaf.message_type() != nullptr
          ? "a field of one value"
          : SetScalar(constant.value(), leaf, scratch.get());
  if (!want.empty()) return Wrong("value", want, "another value or field");
  placed_.push_back(std::move(placed));
  return absl::OkStatus();
}

absl::Status RowMappingBuilder::CheckLists() const {
  for (const auto& [list, indexes] : lists_) {
    if (*indexes.rbegin() + 1 != static_cast<int>(indexes.size())) {
      return Wrong("path",
                   absl::StrCat("the elements of `", list.substr(1),
                                "` numbered from 0 without a gap"),
                   "a gap");
    }
  }
  return absl::OkStatus();
}

// Gives each element of a list its slot, and brings the steps into the order of
// the elements, so that they are added one after the other.
void RowMappingBuilder::Finish() {
  std::map<std::string, int> slots;
  std::set<std::string> filled_by_columns;
  for (const Placed& placed : placed_) {
    for (const std::string& element : placed.elements) {
      slots.emplace(element, static_cast<int>(slots.size()));
      if (placed.step.column >= 0) filled_by_columns.insert(element);
    }
  }
  std::stable_sort(
      placed_.begin(), placed_.end(),
      [](const Placed& a, const Placed& b) { return a.order < b.order; });
  for (Placed& placed : placed_) {
    size_t element = 0;
    for (size_t i = 0; i < placed.step.hops.size(); ++i) {
      if (placed.order[i].second < 0) continue;
      const std::string& name = placed.elements[element++];
      placed.step.hops[i].slot = slots[name];
      if (placed.step.column < 0 && filled_by_columns.count(name) > 0) {
        placed.step.gate = slots[name];
      }
    }
    mapping_->steps_.push_back(std::move(placed.step));
  }
  mapping_->slot_count_ = static_cast<int>(slots.size());
  std::sort(mapping_->items_.begin(), mapping_->items_.end());
}

}  // namespace subrosa
