#include "src/classify/schema_survey.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/classify/consequences.h"
#include "src/classify/marks.h"
#include "src/classify/schema_lint.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

std::string ValueType(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

std::string TypeOf(const FieldDescriptor& field) {
  if (field.is_map()) {
    return absl::StrCat("map<", ValueType(*field.message_type()->map_key()),
                        ", ", ValueType(*field.message_type()->map_value()),
                        ">");
  }
  return absl::StrCat(field.is_repeated() ? "repeated " : "", ValueType(field));
}

class Surveyor {
 public:
  explicit Surveyor(const NameRules& rules) : rules_(rules) {}

  void File(const FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i) {
      Message(*file.message_type(i));
    }
    Extensions added;
    CollectExtensions(file, &added);
    for (int i = 0; i < file.message_type_count(); ++i) {
      CollectNested(*file.message_type(i), &added);
    }
    for (const auto& [extended, fields] : added) {
      SurveyedMessage surveyed = Described(*extended);
      surveyed.file = file.name();
      for (const FieldDescriptor* field : fields) {
        surveyed.fields.push_back(Field(*field, surveyed.kinds));
      }
      survey_.messages.push_back(std::move(surveyed));
    }
  }

  SchemaSurvey Finish() && { return std::move(survey_); }

 private:
  // By message, in the order in which they come.
  using Extensions = std::vector<
      std::pair<const Descriptor*, std::vector<const FieldDescriptor*>>>;

  // Of a file, or of a message that has some declared in it.
  template <typename Scope>
  static void CollectExtensions(const Scope& scope, Extensions* added) {
    for (int i = 0; i < scope.extension_count(); ++i) {
      const FieldDescriptor& field = *scope.extension(i);
      const Descriptor* const extended = field.containing_type();
      // Options are of the schema, and nothing of a record.
      if (IsSingleValue(*extended)) continue;
      auto known = std::find_if(
          added->begin(), added->end(),
          [extended](const auto& entry) { return entry.first == extended; });
      if (known == added->end()) {
        known = added->insert(known, {extended, {}});
      }
      known->second.push_back(&field);
    }
  }

  static void CollectNested(const Descriptor& message, Extensions* added) {
    CollectExtensions(message, added);
    for (int i = 0; i < message.nested_type_count(); ++i) {
      CollectNested(*message.nested_type(i), added);
    }
  }

  void Report(const FileDescriptor& file, absl::string_view what) {
    std::string problem = absl::StrCat(file.name(), ": ", what);
    if (seen_.insert(problem).second) {
      survey_.problems.push_back(std::move(problem));
    }
  }

  // `message` without its fields.
  SurveyedMessage Described(const Descriptor& message) {
    SurveyedMessage surveyed;
    surveyed.full_name = message.full_name();
    surveyed.file = message.file()->name();
    if (const auto mark = MarkOf(message); mark.ok()) {
      surveyed.title = mark->title();
      surveyed.kinds = KindsOf(*mark);
    } else {
      Report(*message.file(), mark.status().message());
    }
    return surveyed;
  }

  void Message(const Descriptor& message) {
    if (message.options().map_entry()) return;
    SurveyedMessage surveyed = Described(message);
    if (!surveyed.title.empty()) LintAsPayload(message);
    for (int i = 0; i < message.field_count(); ++i) {
      surveyed.fields.push_back(Field(*message.field(i), surveyed.kinds));
    }
    if (!surveyed.fields.empty()) {
      survey_.messages.push_back(std::move(surveyed));
    }
    for (int i = 0; i < message.nested_type_count(); ++i) {
      Message(*message.nested_type(i));
    }
  }

  // A message with a title is a record's payload. What it lacks is told in the
  // place of each field.
  void LintAsPayload(const Descriptor& message) {
    for (std::string& problem : LintMarks(message)) {
      if (seen_.insert(problem).second) {
        survey_.problems.push_back(std::move(problem));
      }
    }
  }

  SurveyedField Field(const FieldDescriptor& field,
                      const Classification& of_message) {
    SurveyedField surveyed;
    surveyed.name = field.is_extension()
                        ? absl::StrCat("[", field.full_name(), "]")
                        : field.name();
    surveyed.number = field.number();
    surveyed.type = TypeOf(field);
    google::protobuf::SourceLocation location;
    if (field.GetSourceLocation(&location)) {
      surveyed.line = location.start_line + 1;
    }
    absl::StatusOr<v1::FieldMark> mark = MarkOf(field);
    if (mark.ok() && !IsMarked(*mark) && SpeaksThroughItsFields(field)) {
      surveyed.standing = FieldStanding::kBelow;
      surveyed.kinds = WithConsequences(of_message);
      return surveyed;
    }
    ++survey_.fields;
    if (!mark.ok()) {
      // It was meant to say something; what, is not known.
      Report(*field.file(), mark.status().message());
      ++survey_.unmarked;
      return surveyed;
    }
    surveyed.mark = *std::move(mark);
    if (surveyed.mark.not_personal()) {
      surveyed.standing = FieldStanding::kNotPersonal;
      return surveyed;
    }
    Classification kinds = KindsOf(surveyed.mark);
    if (kinds.categories.empty()) kinds |= of_message;
    surveyed.kinds = WithConsequences(kinds);
    if (IsMarked(surveyed.mark)) {
      surveyed.standing = FieldStanding::kMarked;
    } else {
      ++survey_.unmarked;
      surveyed.suggestion = SuggestMark(rules_, field);
    }
    return surveyed;
  }

  const NameRules& rules_;
  SchemaSurvey survey_;
  std::set<std::string> seen_;
};

}  // namespace

double SchemaSurvey::MarkedPercent() const {
  return fields == 0 ? 100.0 : 100.0 * (fields - unmarked) / fields;
}

SchemaSurvey SurveySchema(const NameRules& rules,
                          absl::Span<const FileDescriptor* const> files) {
  Surveyor surveyor(rules);
  for (const FileDescriptor* file : files) surveyor.File(*file);
  return std::move(surveyor).Finish();
}

}  // namespace subrosa
