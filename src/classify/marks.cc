#include "src/classify/marks.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

template <typename E>
absl::Status CheckKnown(E value, absl::string_view what,
                        absl::string_view full_name) {
  if (google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(value) !=
          nullptr &&
      value != E{}) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(full_name, ": want ", what,
                                                 " known here, got number ",
                                                 static_cast<int>(value)));
}

template <typename E, typename Numbers>
absl::Status CheckAllKnown(const Numbers& numbers, absl::string_view what,
                           absl::string_view full_name) {
  for (const int number : numbers) {
    SUBROSA_RETURN_IF_ERROR(
        CheckKnown(static_cast<E>(number), what, full_name));
  }
  return absl::OkStatus();
}

template <typename Set, typename E, typename Numbers>
Set SetOf(const Numbers& numbers) {
  Set set;
  for (const int number : numbers) set.Add(static_cast<E>(number));
  return set;
}

template <typename Mark>
Classification SharedKinds(const Mark& mark) {
  Classification kinds;
  kinds.categories = SetOf<CategorySet, v1::HealthCategory>(mark.health());
  kinds.labels = SetOf<LabelSet, v1::HealthLabel>(mark.label());
  kinds.personal = SetOf<PersonalSet, v1::PersonalCategory>(mark.personal());
  return kinds;
}

template <typename Mark>
absl::Status CheckShared(const Mark& mark, absl::string_view full_name) {
  SUBROSA_RETURN_IF_ERROR(CheckAllKnown<v1::HealthCategory>(
      mark.health(), "a health category", full_name));
  SUBROSA_RETURN_IF_ERROR(CheckAllKnown<v1::HealthLabel>(
      mark.label(), "a health label", full_name));
  return CheckAllKnown<v1::PersonalCategory>(mark.personal(),
                                             "a personal category", full_name);
}

// The name of a message or field, `message` or what it holds at any depth,
// whose mark says what kind of data it is or that people wrote it; empty if
// there is none. What takes its kind from above (`from_parent`) says nothing by
// itself.
std::string SaysOfPerson(const google::protobuf::Descriptor& message) {
  std::set<const google::protobuf::Descriptor*> seen = {&message};
  std::vector<const google::protobuf::Descriptor*> open = {&message};
  while (!open.empty()) {
    const google::protobuf::Descriptor& next = *open.back();
    open.pop_back();
    if (IsSingleValue(next)) continue;
    if (KindsOf(next.options().GetExtension(v1::message)) != Classification()) {
      return next.full_name();
    }
    for (int i = 0; i < next.field_count(); ++i) {
      const google::protobuf::FieldDescriptor& field = *next.field(i);
      const v1::FieldMark& mark = field.options().GetExtension(v1::field);
      if (KindsOf(mark) != Classification() ||
          (mark.free_text() && !mark.from_parent())) {
        return field.full_name();
      }
      const google::protobuf::Descriptor* const below = field.message_type();
      if (below != nullptr && !mark.not_personal() &&
          seen.insert(below).second) {
        open.push_back(below);
      }
    }
  }
  return "";
}

}  // namespace

absl::StatusOr<v1::FieldMark> MarkOf(
    const google::protobuf::FieldDescriptor& field) {
  v1::FieldMark mark = field.options().GetExtension(v1::field);
  SUBROSA_RETURN_IF_ERROR(CheckShared(mark, field.full_name()));
  SUBROSA_RETURN_IF_ERROR(CheckAllKnown<v1::SensitiveCategory>(
      mark.sensitive(), "a sensitive category", field.full_name()));
  if (mark.identifier() != v1::IDENTIFIER_UNSPECIFIED) {
    SUBROSA_RETURN_IF_ERROR(
        CheckKnown(mark.identifier(), "an identifier kind", field.full_name()));
  }
  if (mark.role() != v1::FIELD_ROLE_UNSPECIFIED) {
    SUBROSA_RETURN_IF_ERROR(
        CheckKnown(mark.role(), "a field role", field.full_name()));
  }
  if (mark.not_personal()) {
    v1::FieldMark rest = mark;
    rest.clear_not_personal();
    if (IsMarked(rest)) {
      return absl::InvalidArgumentError(
          absl::StrCat(field.full_name(), ": want `not_personal` alone, got ",
                       "another mark beside it"));
    }
    const std::string below = field.message_type() == nullptr
                                  ? ""
                                  : SaysOfPerson(*field.message_type());
    if (!below.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          field.full_name(), ": want `not_personal` over nothing of a person, ",
          "got it over the mark of ", below));
    }
  }
  return mark;
}

absl::StatusOr<v1::MessageMark> MarkOf(
    const google::protobuf::Descriptor& message) {
  v1::MessageMark mark = message.options().GetExtension(v1::message);
  SUBROSA_RETURN_IF_ERROR(CheckShared(mark, message.full_name()));
  return mark;
}

bool IsMarked(const v1::FieldMark& mark) {
  return mark.health_size() > 0 || mark.label_size() > 0 ||
         mark.personal_size() > 0 || mark.sensitive_size() > 0 ||
         mark.identifier() != v1::IDENTIFIER_UNSPECIFIED ||
         mark.role() != v1::FIELD_ROLE_UNSPECIFIED || mark.free_text() ||
         mark.from_parent() || mark.not_personal();
}

Classification KindsOf(const v1::FieldMark& mark) {
  Classification kinds = SharedKinds(mark);
  kinds.sensitive =
      SetOf<SensitiveSet, v1::SensitiveCategory>(mark.sensitive());
  kinds.identifiers.Add(mark.identifier());
  return kinds;
}

Classification KindsOf(const v1::MessageMark& mark) {
  return SharedKinds(mark);
}

bool SpeaksThroughItsFields(const google::protobuf::FieldDescriptor& field) {
  const google::protobuf::Descriptor* below = field.message_type();
  if (below == nullptr || IsSingleValue(*below)) return false;
  for (int i = 0; i < below->field_count(); ++i) {
    if (below->field(i)->options().GetExtension(v1::field).from_parent()) {
      return false;
    }
  }
  return !below->options().map_entry() ||
         SpeaksThroughItsFields(*below->map_value());
}

bool IsSingleValue(const google::protobuf::Descriptor& message) {
  return message.file()->package() == "google.protobuf";
}

}  // namespace subrosa
