#include "src/classify/mark_suggestion.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Comments say much in passing.
constexpr double kShareOfComment = 0.6;

// Of a comment, its beginning says what the field is.
constexpr size_t kCommentBytes = 120;

NamedValue ValueOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? NamedValue::kBytes
                                                         : NamedValue::kText;
    case FieldDescriptor::CPPTYPE_BOOL:
      return NamedValue::kBool;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type()->full_name() == "google.protobuf.Timestamp"
                 ? NamedValue::kTime
                 : NamedValue::kUnknown;
    case FieldDescriptor::CPPTYPE_ENUM:
      return NamedValue::kUnknown;
    default:
      return NamedValue::kNumber;
  }
}

bool IsString(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING && !field.is_repeated();
}

// True if a field beside `field` is the code system: marked so, or named so.
bool HasCodeSystemBeside(const NameRules& rules, const FieldDescriptor& field) {
  const Descriptor& message = *field.containing_type();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& other = *message.field(i);
    if (&other == &field || !IsString(other)) continue;
    if (other.options().GetExtension(v1::field).role() ==
        v1::FIELD_ROLE_CODE_SYSTEM) {
      return true;
    }
    FieldName name;
    name.name = other.name();
    name.parent = "coding";
    for (const NameMatch& match : rules.Read(name)) {
      if (match.rule->role == v1::FIELD_ROLE_CODE_SYSTEM) return true;
    }
  }
  return false;
}

// True if the message can be a record by itself, as far as its file tells.
bool IsTopLevel(const Descriptor& message) {
  return message.containing_type() == nullptr;
}

bool RoleFits(const NameRules& rules, const FieldDescriptor& field,
              v1::FieldRole role) {
  switch (role) {
    case v1::FIELD_ROLE_CONSUMER:
    case v1::FIELD_ROLE_RECORD_ID:
      return IsString(field) && IsTopLevel(*field.containing_type());
    case v1::FIELD_ROLE_EFFECTIVE:
      return ValueOf(field) == NamedValue::kTime && !field.is_repeated() &&
             IsTopLevel(*field.containing_type());
    case v1::FIELD_ROLE_CODE:
      return IsString(field) && HasCodeSystemBeside(rules, field);
    case v1::FIELD_ROLE_CODE_SYSTEM:
    case v1::FIELD_ROLE_CODE_DISPLAY:
      return IsString(field);
    default:
      return false;
  }
}

// True if a field before `field` would be given `role` as well.
bool RoleIsTaken(const NameRules& rules, const FieldDescriptor& field,
                 v1::FieldRole role) {
  if (role == v1::FIELD_ROLE_CODE) return false;
  const Descriptor& message = *field.containing_type();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& other = *message.field(i);
    if (&other == &field) continue;
    if (other.options().GetExtension(v1::field).role() == role) return true;
    if (i > field.index()) continue;
    FieldName name;
    name.name = other.name();
    name.value = ValueOf(other);
    for (const NameMatch& match : rules.Read(name)) {
      if (match.rule->role == role && match.score >= NameRules::kLikely &&
          RoleFits(rules, other, role)) {
        return true;
      }
    }
  }
  return false;
}

void AddRule(const NameRules& rules, const NameRule& rule,
             const FieldDescriptor& field, v1::FieldMark* mark) {
  if (rule.not_personal) {
    mark->set_not_personal(true);
    return;
  }
  const Classification known = KindsOf(*mark);
  for (const auto category : rule.adds.categories.Values()) {
    if (!known.categories.Has(category)) mark->add_health(category);
  }
  for (const auto label : rule.adds.labels.Values()) {
    if (!known.labels.Has(label)) mark->add_label(label);
  }
  for (const auto personal : rule.adds.personal.Values()) {
    if (!known.personal.Has(personal)) mark->add_personal(personal);
  }
  for (const auto sensitive : rule.adds.sensitive.Values()) {
    if (!known.sensitive.Has(sensitive)) mark->add_sensitive(sensitive);
  }
  // A mark holds one identifier: the likeliest, which comes first.
  if (mark->identifier() == v1::IDENTIFIER_UNSPECIFIED &&
      !rule.adds.identifiers.empty()) {
    mark->set_identifier(rule.adds.identifiers.Values().front());
  }
  if (rule.free_text && field.type() == FieldDescriptor::TYPE_STRING) {
    mark->set_free_text(true);
  }
  if (mark->role() == v1::FIELD_ROLE_UNSPECIFIED &&
      RoleFits(rules, field, rule.role) &&
      !RoleIsTaken(rules, field, rule.role)) {
    mark->set_role(rule.role);
  }
}

// A comment speaks of much that is not in the field. Only what names health or
// an identifier by itself counts.
MarkSuggestion FromComment(const NameRules& rules,
                           const FieldDescriptor& field) {
  MarkSuggestion suggestion;
  google::protobuf::SourceLocation location;
  if (!field.GetSourceLocation(&location)) return suggestion;
  const std::string& comment = location.leading_comments.empty()
                                   ? location.trailing_comments
                                   : location.leading_comments;
  FieldName name;
  name.name = absl::string_view(comment).substr(0, kCommentBytes);
  name.name = name.name.substr(0, name.name.find('.'));
  name.value = ValueOf(field);
  for (const NameMatch& match : rules.Read(name)) {
    const NameRule& rule = *match.rule;
    if (match.score < NameRules::kLikely ||
        (rule.adds.categories.empty() && rule.adds.identifiers.empty()) ||
        rule.adds.identifiers.Has(v1::IDENTIFIER_DATE)) {
      continue;
    }
    AddRule(rules, rule, field, &suggestion.mark);
    if (suggestion.score == 0) {
      suggestion.score = match.score * kShareOfComment;
      suggestion.rule_id = rule.id;
      suggestion.reason = "its comment speaks of ";
    } else {
      suggestion.reason += "; ";
    }
    suggestion.reason += rule.title;
  }
  return suggestion;
}

template <typename E, typename Numbers>
void AppendList(absl::string_view name, const Numbers& numbers,
                std::vector<std::string>* parts) {
  if (numbers.empty()) return;
  std::vector<std::string> names;
  for (const int number : numbers) {
    const auto* value =
        google::protobuf::GetEnumDescriptor<E>()->FindValueByNumber(number);
    names.push_back(value == nullptr ? absl::StrCat(number) : value->name());
  }
  parts->push_back(
      names.size() == 1
          ? absl::StrCat(name, ": ", names[0])
          : absl::StrCat(name, ": [", absl::StrJoin(names, ", "), "]"));
}

}  // namespace

MarkSuggestion SuggestMark(const NameRules& rules,
                           const FieldDescriptor& field) {
  const Descriptor& message = *field.containing_type();
  std::vector<absl::string_view> siblings;
  for (int i = 0; i < message.field_count(); ++i) {
    siblings.push_back(message.field(i)->name());
  }
  FieldName name;
  name.name = field.name();
  name.value = ValueOf(field);
  name.parent = message.name();
  name.siblings = siblings;

  MarkSuggestion suggestion;
  std::vector<std::string> words;
  for (const NameMatch& match : rules.Read(name)) {
    // What is unlikely is not mixed with what is likely.
    if (suggestion.score >= NameRules::kLikely &&
        match.score < NameRules::kLikely) {
      break;
    }
    AddRule(rules, *match.rule, field, &suggestion.mark);
    if (suggestion.score == 0) {
      suggestion.score = match.score;
      suggestion.rule_id = match.rule->id;
      suggestion.reason = absl::StrCat("its name says ", match.rule->title);
    }
    words.push_back(match.words);
  }
  if (suggestion.score > 0) {
    absl::StrAppend(&suggestion.reason, " (", absl::StrJoin(words, ", "), ")");
  }
  if (suggestion.score < NameRules::kLikely) {
    MarkSuggestion other = FromComment(rules, field);
    if (other.score > suggestion.score) suggestion = std::move(other);
  }
  // A code without its system, a note that is a number: known, but no mark.
  if (!IsMarked(suggestion.mark)) return MarkSuggestion();
  return suggestion;
}

std::string MarkText(const v1::FieldMark& mark) {
  std::vector<std::string> parts;
  AppendList<v1::HealthCategory>("health", mark.health(), &parts);
  AppendList<v1::HealthLabel>("label", mark.label(), &parts);
  AppendList<v1::PersonalCategory>("personal", mark.personal(), &parts);
  AppendList<v1::SensitiveCategory>("sensitive", mark.sensitive(), &parts);
  if (mark.identifier() != v1::IDENTIFIER_UNSPECIFIED) {
    AppendList<v1::IdentifierKind>("identifier",
                                   std::vector<int>{mark.identifier()}, &parts);
  }
  if (mark.role() != v1::FIELD_ROLE_UNSPECIFIED) {
    AppendList<v1::FieldRole>("role", std::vector<int>{mark.role()}, &parts);
  }
  if (mark.free_text()) parts.push_back("free_text: true");
  if (mark.from_parent()) parts.push_back("from_parent: true");
  if (mark.not_personal()) parts.push_back("not_personal: true");
  return absl::StrCat("[(subrosa.v1.field) = {", absl::StrJoin(parts, ", "),
                      "}]");
}

}  // namespace subrosa
