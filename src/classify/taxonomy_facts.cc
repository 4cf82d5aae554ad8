#include "src/classify/taxonomy_facts.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"

namespace subrosa {
namespace {

// What is particular to each of the five enums.
template <typename E>
struct Kind;

template <>
struct Kind<v1::HealthCategory> {
  using Facts = v1::ClauseFacts;
  static constexpr char kPrefix[] = "HEALTH_CATEGORY_";
  static constexpr char kName[] = "health category";
};
template <>
struct Kind<v1::HealthLabel> {
  using Facts = v1::LabelFacts;
  static constexpr char kPrefix[] = "HEALTH_LABEL_";
  static constexpr char kName[] = "health label";
};
template <>
struct Kind<v1::PersonalCategory> {
  using Facts = v1::ClauseFacts;
  static constexpr char kPrefix[] = "PERSONAL_CATEGORY_";
  static constexpr char kName[] = "personal category";
};
template <>
struct Kind<v1::SensitiveCategory> {
  using Facts = v1::ClauseFacts;
  static constexpr char kPrefix[] = "SENSITIVE_CATEGORY_";
  static constexpr char kName[] = "sensitive category";
};
template <>
struct Kind<v1::IdentifierKind> {
  using Facts = v1::ClauseFacts;
  static constexpr char kPrefix[] = "IDENTIFIER_";
  static constexpr char kName[] = "identifier kind";
};

void ReadFacts(const google::protobuf::EnumValueDescriptor& value,
               v1::ClauseFacts* facts) {
  *facts = value.options().GetExtension(v1::clause_facts);
}
void ReadFacts(const google::protobuf::EnumValueDescriptor& value,
               v1::LabelFacts* facts) {
  *facts = value.options().GetExtension(v1::label_facts);
}

template <typename E>
struct Table {
  struct Row {
    typename Kind<E>::Facts facts;
    std::string slug;
  };

  Table() {
    const google::protobuf::EnumDescriptor* descriptor =
        google::protobuf::GetEnumDescriptor<E>();
    for (int i = 0; i < descriptor->value_count(); ++i) {
      const google::protobuf::EnumValueDescriptor* value = descriptor->value(i);
      Row& row = rows[value->number()];
      ReadFacts(*value, &row.facts);
      row.slug = absl::AsciiStrToLower(absl::StrReplaceAll(
          absl::StripPrefix(value->name(), Kind<E>::kPrefix), {{"_", "-"}}));
      if (value->number() == 0) continue;
      values.push_back(static_cast<E>(value->number()));
      by_slug[row.slug] = static_cast<E>(value->number());
    }
  }

  absl::flat_hash_map<int, Row> rows;
  absl::flat_hash_map<std::string, E> by_slug;
  std::vector<E> values;
};

// Made on first use and never destroyed, so that views into it stay good until
// the very end.
template <typename E>
const Table<E>& Facts() {
  static const Table<E>* const table = new Table<E>();
  return *table;
}

template <typename E>
const typename Kind<E>::Facts& Find(E value) {
  const auto row = Facts<E>().rows.find(static_cast<int>(value));
  return row == Facts<E>().rows.end() ? Kind<E>::Facts::default_instance()
                                      : row->second.facts;
}

}  // namespace

const v1::ClauseFacts& FactsOf(v1::HealthCategory value) { return Find(value); }
const v1::ClauseFacts& FactsOf(v1::PersonalCategory value) {
  return Find(value);
}
const v1::ClauseFacts& FactsOf(v1::SensitiveCategory value) {
  return Find(value);
}
const v1::ClauseFacts& FactsOf(v1::IdentifierKind value) { return Find(value); }
const v1::LabelFacts& FactsOf(v1::HealthLabel value) { return Find(value); }

template <typename E>
absl::string_view Title(E value) {
  const absl::string_view title = FactsOf(value).title();
  return title.empty() ? Slug(value) : title;
}

template <typename E>
absl::string_view Slug(E value) {
  const auto row = Facts<E>().rows.find(static_cast<int>(value));
  if (row == Facts<E>().rows.end()) return "unknown";
  return row->second.slug;
}

template <typename E>
absl::StatusOr<E> ParseSlug(absl::string_view slug) {
  const auto found = Facts<E>().by_slug.find(slug);
  if (found == Facts<E>().by_slug.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("want a ", Kind<E>::kName, " such as `",
                     Slug(AllValues<E>().front()), "`, got something else"));
  }
  return found->second;
}

template <typename E>
const std::vector<E>& AllValues() {
  return Facts<E>().values;
}

absl::string_view CertaintyText(v1::TextCertainty certainty) {
  switch (certainty) {
    case v1::TEXT_CERTAINTY_STATUTE_READ:
      return "statute read";
    case v1::TEXT_CERTAINTY_SECONDARY:
      return "secondary source";
    default:
      return "from memory: check";
  }
}

#define SUBROSA_INSTANTIATE_(E)                               \
  template absl::string_view Title<E>(E);                     \
  template absl::string_view Slug<E>(E);                      \
  template absl::StatusOr<E> ParseSlug<E>(absl::string_view); \
  template const std::vector<E>& AllValues<E>();
SUBROSA_INSTANTIATE_(v1::HealthCategory)
SUBROSA_INSTANTIATE_(v1::HealthLabel)
SUBROSA_INSTANTIATE_(v1::PersonalCategory)
SUBROSA_INSTANTIATE_(v1::SensitiveCategory)
SUBROSA_INSTANTIATE_(v1::IdentifierKind)
#undef SUBROSA_INSTANTIATE_

}  // namespace subrosa
