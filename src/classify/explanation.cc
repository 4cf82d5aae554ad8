#include "src/classify/explanation.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/classify/consequences.h"
#include "src/classify/marks.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

std::string TitleOf(const MarkPlan& plan) {
  const auto mark = MarkOf(*plan.descriptor);
  if (mark.ok() && !mark->title().empty()) return mark->title();
  return plan.descriptor->name();
}

// The labels of `labels` that hang below `category`.
LabelSet LabelsUnder(LabelSet labels, v1::HealthCategory category) {
  LabelSet under;
  for (const v1::HealthLabel label : labels.Values()) {
    for (const int parent : FactsOf(label).under()) {
      if (parent == category) under.Add(label);
    }
  }
  return under;
}

}  // namespace

Explanation::Explanation() { frames_.emplace_back(); }

void Explanation::BeginPayload(absl::string_view bytes) {
  payload_ = bytes;
  frames_.assign(1, Frame{"payload", "payload", {}});
}

ByteSpan Explanation::SpanOf(absl::string_view bytes) const {
  if (payload_.data() == nullptr || bytes.data() == nullptr) return {};
  return {static_cast<size_t>(bytes.data() - payload_.data()), bytes.size()};
}

Explanation::Frame Explanation::Below(const FieldMarkPlan& field) const {
  const Frame& here = frames_.back();
  const absl::string_view dot = here.path.empty() ? "" : ".";
  Frame below;
  below.path = absl::StrCat(here.path, dot, field.descriptor->name());
  below.place = absl::StrCat(here.place, dot, field.descriptor->name());
  if (field.descriptor->is_repeated()) {
    const auto element = here.elements.find(&field);
    const int last = element == here.elements.end() ? 0 : element->second - 1;
    absl::StrAppend(&below.path, "[", last, "]");
  }
  return below;
}

void Explanation::Message(const MarkPlan& plan, absl::string_view bytes) {
  const Frame& here = frames_.back();
  Ground ground;
  ground.path = here.path;
  ground.place = here.place;
  ground.span = SpanOf(bytes);
  ground.rule_id = absl::StrCat("mark:", plan.descriptor->full_name());
  ground.reason = absl::StrCat("it is a ", TitleOf(plan),
                               ", and every one of them is marked so");
  Add(plan.kinds, ground);
}

void Explanation::Field(const FieldMarkPlan& field, absl::string_view bytes) {
  if (field.descriptor->is_repeated()) ++frames_.back().elements[&field];
  const Frame below = Below(field);
  Ground ground;
  ground.path = below.path;
  ground.place = below.place;
  ground.span = SpanOf(bytes);
  ground.rule_id = absl::StrCat("mark:", field.descriptor->full_name());
  ground.reason = absl::StrCat("the field `", field.descriptor->name(),
                               "` is filled in, and its message marks it so");
  Add(field.kinds, ground);
}

void Explanation::Enter(const FieldMarkPlan& field) {
  frames_.push_back(Below(field));
}

void Explanation::Leave() { frames_.pop_back(); }

Explanation::Ground Explanation::CodeGround(const CodeRule& rule,
                                            absl::string_view bytes) const {
  Ground ground;
  ground.path = frames_.back().path;
  ground.place = frames_.back().place;
  ground.span = SpanOf(bytes);
  ground.basis = FindingBasis::kCode;
  ground.rule_id = rule.id;
  return ground;
}

void Explanation::Code(const CodeRule& rule, absl::string_view bytes) {
  Ground ground = CodeGround(rule, bytes);
  ground.reason = absl::StrCat("it holds a code about ", rule.title, " (",
                               SourceText(rule), ")");
  Add(rule.adds, ground);
}

void Explanation::Type(const CodeRule& rule, bool uncoded) {
  Ground ground = CodeGround(rule, payload_);
  ground.reason = absl::StrCat("its source calls it a record of ", rule.title,
                               " (", SourceText(rule), ")");
  Add(rule.adds, ground);
  if (!uncoded) return;
  absl::StrAppend(&ground.reason, ", and no code in it says more closely");
  Add(rule.adds_if_uncoded, ground);
}

void Explanation::Add(const Classification& kinds, const Ground& ground) {
  LabelSet left = kinds.labels;
  for (const v1::HealthCategory category : kinds.categories.Values()) {
    Finding finding;
    finding.category = category;
    finding.labels = LabelsUnder(kinds.labels, category);
    finding.clause = FactsOf(category).clause();
    left = LabelSet::FromBits(left.bits() & ~finding.labels.bits());
    AddOne(std::move(finding), Slug(category), ground);
  }
  if (!left.empty()) {
    Finding finding;
    finding.labels = left;
    AddOne(std::move(finding), "labels", ground);
  }
  for (const v1::PersonalCategory personal : kinds.personal.Values()) {
    Finding finding;
    finding.personal = personal;
    finding.clause = FactsOf(personal).clause();
    AddOne(std::move(finding), absl::StrCat("personal:", Slug(personal)),
           ground);
  }
  for (const v1::SensitiveCategory sensitive : kinds.sensitive.Values()) {
    Finding finding;
    finding.sensitive = sensitive;
    finding.clause = FactsOf(sensitive).clause();
    AddOne(std::move(finding), absl::StrCat("sensitive:", Slug(sensitive)),
           ground);
  }
  for (const v1::IdentifierKind identifier : kinds.identifiers.Values()) {
    Finding finding;
    finding.identifier = identifier;
    finding.clause = FactsOf(identifier).clause();
    AddOne(std::move(finding), absl::StrCat("identifier:", Slug(identifier)),
           ground);
  }
}

void Explanation::AddOne(Finding finding, absl::string_view kind,
                         const Ground& ground) {
  if (!said_
           .insert(absl::StrCat(ground.place, "\n", ground.rule_id, "\n", kind))
           .second) {
    return;
  }
  finding.field_path = ground.path;
  finding.span = ground.span;
  finding.basis = ground.basis;
  finding.rule_id = ground.rule_id;
  finding.reason = ground.reason;
  findings_.push_back(std::move(finding));
}

std::vector<Finding> Explanation::Finish() && {
  Classification found;
  Classification follows;
  const size_t direct = findings_.size();
  for (size_t i = 0; i < direct; ++i) {
    const Finding& finding = findings_[i];
    found.sensitive.Add(finding.sensitive);
    found.personal.Add(finding.personal);
    follows.sensitive |= ConsequencesOf(finding.category);
    follows.sensitive |= ConsequencesOf(finding.identifier);
  }
  Ground ground;
  ground.path = ground.place = "payload";
  ground.span = SpanOf(payload_);
  ground.basis = FindingBasis::kInference;
  ground.rule_id = "taxonomy:california";
  ground.reason = "another finding on this record leads to it in California";
  follows.sensitive = SensitiveSet::FromBits(follows.sensitive.bits() &
                                             ~found.sensitive.bits());
  found.sensitive |= follows.sensitive;
  if (!found.sensitive.empty() &&
      !found.personal.Has(v1::PERSONAL_CATEGORY_SENSITIVE)) {
    follows.personal.Add(v1::PERSONAL_CATEGORY_SENSITIVE);
  }
  Add(follows, ground);
  return std::move(findings_);
}

}  // namespace subrosa
