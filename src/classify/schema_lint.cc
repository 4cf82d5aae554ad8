#include "src/classify/schema_lint.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/classify/marks.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// Numbers from `first` on that must each be accounted for.
class Numbering {
 public:
  explicit Numbering(int first) : next_(first) {}

  void Use(int first, int last) { used_.insert({first, last}); }

  // The first run of numbers that nobody uses below the highest one, as "3" or
  // "3 to 7"; empty if there is none.
  std::string Hole() const {
    int next = next_;
    for (const auto& [first, last] : used_) {
      if (first > next) {
        return first - 1 == next ? absl::StrCat(next)
                                 : absl::StrCat(next, " to ", first - 1);
      }
      if (last >= next) next = last + 1;
    }
    return "";
  }

 private:
  int next_;
  std::set<std::pair<int, int>> used_;
};

class Lint {
 public:
  // Marks alone, or also what a payload lacks.
  enum Scope { kMarks, kPayload };

  explicit Lint(Scope scope) : scope_(scope) {}

  std::vector<std::string> Run(const Descriptor& payload) {
    if (scope_ == kPayload) CheckTitle(payload);
    Visit(payload, /*is_payload=*/true);
    return std::move(problems_);
  }

 private:
  // `subject` is a descriptor of whatever kind.
  template <typename Subject>
  void Report(const Subject& subject, absl::string_view want_got) {
    problems_.push_back(absl::StrCat(subject.file()->name(), ": ",
                                     subject.full_name(), ": ", want_got));
  }

  void CheckTitle(const Descriptor& payload) {
    if (payload.options().GetExtension(v1::message).title().empty()) {
      Report(payload, "want a title in its mark, got none");
    }
  }

  void Visit(const Descriptor& message, bool is_payload) {
    if (!seen_.insert(&message).second) return;
    if (const auto mark = MarkOf(message); !mark.ok()) {
      problems_.push_back(
          absl::StrCat(message.file()->name(), ": ", mark.status().message()));
    }
    if (scope_ == kPayload) CheckNumbers(message);
    CheckRoles(message, is_payload);
    for (int i = 0; i < message.field_count(); ++i) {
      VisitField(*message.field(i), is_payload);
    }
  }

  void VisitField(const FieldDescriptor& field, bool is_payload) {
    const absl::StatusOr<v1::FieldMark> mark = MarkOf(field);
    if (!mark.ok()) {
      problems_.push_back(
          absl::StrCat(field.file()->name(), ": ", mark.status().message()));
      return;
    }
    if (scope_ == kPayload && !IsMarked(*mark) &&
        !SpeaksThroughItsFields(field)) {
      Report(field, "want a mark, or `not_personal`, got neither");
    }
    if (mark->free_text() && field.type() != FieldDescriptor::TYPE_STRING) {
      Report(field, absl::StrCat("want `free_text` on a string, got it on ",
                                 field.type_name()));
    }
    if (mark->from_parent() && is_payload && !HasResourceType(field)) {
      Report(field,
             "want `from_parent` below another field or beside a resource "
             "type, got it in a payload without one");
    }
    if (mark->not_personal()) return;
    if (field.enum_type() != nullptr) VisitEnum(*field.enum_type());
    // A map's mark is on the map; what its values hold, they mark themselves.
    const FieldDescriptor* value =
        field.is_map() ? field.message_type()->map_value() : &field;
    if (value->enum_type() != nullptr) VisitEnum(*value->enum_type());
    if (value->message_type() == nullptr) return;
    if (value->message_type()->full_name() == "google.protobuf.Any") {
      Report(field, "want a type whose fields are known, got an Any");
    }
    if (!IsSingleValue(*value->message_type())) {
      Visit(*value->message_type(), /*is_payload=*/false);
    }
  }

  static bool HasResourceType(const FieldDescriptor& beside) {
    const Descriptor& message = *beside.containing_type();
    for (int i = 0; i < message.field_count(); ++i) {
      if (message.field(i)->options().GetExtension(v1::field).role() ==
          v1::FIELD_ROLE_RESOURCE_TYPE) {
        return true;
      }
    }
    return false;
  }

  void CheckNumbers(const Descriptor& message) {
    Numbering numbers(1);
    for (int i = 0; i < message.field_count(); ++i) {
      numbers.Use(message.field(i)->number(), message.field(i)->number());
    }
    for (int i = 0; i < message.reserved_range_count(); ++i) {
      const Descriptor::ReservedRange& range = *message.reserved_range(i);
      numbers.Use(range.start, range.end - 1);  // `end` is excluded.
    }
    for (int i = 0; i < message.extension_range_count(); ++i) {
      const Descriptor::ExtensionRange& range = *message.extension_range(i);
      numbers.Use(range.start, range.end - 1);
    }
    ReportHole(message, numbers);
  }

  void VisitEnum(const EnumDescriptor& enumeration) {
    if (scope_ != kPayload || !seen_enums_.insert(&enumeration).second) return;
    int lowest = enumeration.value(0)->number();
    for (int i = 1; i < enumeration.value_count(); ++i) {
      lowest = std::min(lowest, enumeration.value(i)->number());
    }
    Numbering numbers(lowest);
    for (int i = 0; i < enumeration.value_count(); ++i) {
      const int number = enumeration.value(i)->number();
      numbers.Use(number, number);
    }
    for (int i = 0; i < enumeration.reserved_range_count(); ++i) {
      const EnumDescriptor::ReservedRange& range =
          *enumeration.reserved_range(i);
      numbers.Use(range.start, range.end);  // Here `end` is included.
    }
    ReportHole(enumeration, numbers);
  }

  template <typename Subject>
  void ReportHole(const Subject& subject, const Numbering& numbers) {
    const std::string hole = numbers.Hole();
    if (hole.empty()) return;
    Report(subject, absl::StrCat("want every number used or reserved, got ",
                                 hole, " left out"));
  }

  void CheckRoles(const Descriptor& message, bool is_payload) {
    std::set<v1::FieldRole> roles;
    const FieldDescriptor* code = nullptr;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      const v1::FieldRole role = field.options().GetExtension(v1::field).role();
      if (role == v1::FIELD_ROLE_UNSPECIFIED) continue;
      CheckRoleType(field, role);
      if (role == v1::FIELD_ROLE_CODE) code = &field;
      const bool is_of_coding = role == v1::FIELD_ROLE_CODE_SYSTEM ||
                                role == v1::FIELD_ROLE_CODE ||
                                role == v1::FIELD_ROLE_CODE_DISPLAY;
      if (!is_of_coding && !is_payload) {
        Report(field, "want this role at the top level, got it below");
      }
      if (!roles.insert(role).second && role != v1::FIELD_ROLE_CODE) {
        Report(field, "want each role once in a message, got it again");
      }
    }
    if (code != nullptr && roles.count(v1::FIELD_ROLE_CODE_SYSTEM) == 0) {
      Report(*code, "want a code system beside the code, got none");
    }
  }

  void CheckRoleType(const FieldDescriptor& field, v1::FieldRole role) {
    if (role == v1::FIELD_ROLE_EFFECTIVE) {
      if (field.message_type() == nullptr ||
          field.message_type()->full_name() != "google.protobuf.Timestamp") {
        Report(field, absl::StrCat("want a google.protobuf.Timestamp for its "
                                   "role, got ",
                                   field.type_name()));
      }
      return;
    }
    if (field.type() != FieldDescriptor::TYPE_STRING) {
      Report(field, absl::StrCat("want a string for its role, got ",
                                 field.type_name()));
    }
  }

  const Scope scope_;
  std::set<const Descriptor*> seen_;
  std::set<const EnumDescriptor*> seen_enums_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> LintPayload(const Descriptor& payload) {
  return Lint(Lint::kPayload).Run(payload);
}

std::vector<std::string> LintMarks(const Descriptor& payload) {
  return Lint(Lint::kMarks).Run(payload);
}

}  // namespace subrosa
