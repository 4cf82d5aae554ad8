#include "src/ingest/cda_entry.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/ingest/cda_section.h"

namespace subrosa {
namespace {

constexpr size_t kMaxCodings = 32;
constexpr size_t kMaxValues = 64;
constexpr size_t kMaxCodeBytes = 128;
constexpr size_t kMaxIdBytes = 200;
constexpr absl::string_view kSocialSecurity = "2.16.840.1.113883.4.1";

// The name without its namespace's prefix; "sdtc:" and "xsi:" stay, since they
// are not HL7's own.
absl::string_view LocalName(absl::string_view name) {
  const size_t colon = name.find(':');
  if (colon == absl::string_view::npos || absl::StartsWith(name, "sdtc:")) {
    return name;
  }
  return name.substr(colon + 1);
}

// Adds the code of an element to `target`; one without a code says nothing.
void AddCoding(const char* const* attributes, v1::CodedConcept* target) {
  const absl::string_view code = XmlAttribute(attributes, "code");
  const absl::string_view system = XmlAttribute(attributes, "codeSystem");
  if (code.empty() || code.size() > kMaxCodeBytes || system.empty() ||
      system.size() > 200 ||
      target->coding_size() >= static_cast<int>(kMaxCodings)) {
    return;
  }
  v1::Coding* const coding = target->add_coding();
  // As the code tables know systems, too.
  coding->set_system(absl::StrCat("urn:oid:", system));
  coding->set_code(std::string(code));
  coding->set_display(
      std::string(XmlAttribute(attributes, "displayName").substr(0, 1024)));
}

std::string IdText(const char* const* attributes) {
  const absl::string_view root = XmlAttribute(attributes, "root");
  const absl::string_view extension = XmlAttribute(attributes, "extension");
  if (root.empty() || root.size() + extension.size() > kMaxIdBytes) return "";
  return extension.empty() ? std::string(root)
                           : absl::StrCat(root, "^", extension);
}

}  // namespace

void CdaEntryVisitor::Reset(CdaItem::Kind kind) {
  item_.kind = kind;
  item_.entry.Clear();
  item_.id.clear();
  item_.referred.clear();
  item_.start.clear();
  item_.end.clear();
  times_ = 0;
  time_taken_ = 0;
  frames_.clear();
  item_.entry.set_section(sections_.empty() ? "cda:other"
                                            : sections_.back().slug);
}

bool CdaEntryVisitor::Begins(int depth, const char* full_name,
                             const char* const* attributes) {
  const absl::string_view name = LocalName(full_name);
  if (depth == 1) {
    is_document_ = name == "ClinicalDocument";
    if (is_document_) return false;
    if (name != "section" && name != "component" && name != "structuredBody") {
      Reset(CdaItem::Kind::kEntry);
      return true;  // A fragment: an entry, or an act by itself.
    }
  }
  if (name == "section") {
    sections_.emplace_back();
    sections_.back().depth = depth;
  } else if (name == "code" && !sections_.empty() &&
             depth == sections_.back().depth + 1) {
    sections_.back().slug =
        std::string(CdaSectionName(XmlAttribute(attributes, "code")));
  } else if (name == "effectiveTime" && is_document_ && depth == 2) {
    document_time_ = std::string(XmlAttribute(attributes, "value"));
  } else if (name == "recordTarget") {
    Reset(CdaItem::Kind::kPatient);
    item_.entry.set_section("cda:patient");
    return true;
  } else if (name == "nonXMLBody") {
    Reset(CdaItem::Kind::kUnstructured);
    item_.entry.set_section("cda:unstructured");
    return true;
  } else if (name == "entry") {
    Reset(CdaItem::Kind::kEntry);
    return true;
  } else if (name == "text" && !sections_.empty()) {
    Reset(CdaItem::Kind::kNarrative);
    return true;
  }
  return false;
}

void CdaEntryVisitor::Left(const char* name) {
  if (LocalName(name) == "section" && !sections_.empty()) sections_.pop_back();
}

size_t CdaEntryVisitor::act_depth() const {
  return !frames_.empty() && frames_[0].name == "entry" ? 2 : 1;
}

bool CdaEntryVisitor::IsIn(absl::string_view name) const {
  for (const Frame& frame : frames_) {
    if (frame.name == name) return true;
  }
  return false;
}

void CdaEntryVisitor::Start(const char* full_name,
                            const char* const* attributes) {
  const absl::string_view name = LocalName(full_name);
  v1::CodedConcept* concept_of = nullptr;
  v1::CodedConcept* words_of = nullptr;
  if (item_.kind == CdaItem::Kind::kNarrative) {
    sections_.back().narrative.Start(name, XmlAttribute(attributes, "ID"),
                                     NarrativeRoom());
  } else if (item_.kind == CdaItem::Kind::kPatient) {
    if (name == "patientRole") ++patients_;
    if (name == "id" && frames_.size() == 2 &&
        XmlAttribute(attributes, "root") != kSocialSecurity) {
      if (patient_id_.empty()) patient_id_ = IdText(attributes);
    }
  } else if (item_.kind == CdaItem::Kind::kEntry) {
    if (frames_.size() + 1 == act_depth() && name != "entry") {
      TakeAct(name, attributes);
    } else if (name == "id" && frames_.size() == act_depth()) {
      TakeId(attributes);
    } else if (name == "statusCode" && frames_.size() == act_depth()) {
      item_.entry.set_status(std::string(XmlAttribute(attributes, "code")));
    } else if (name == "effectiveTime" || name == "low" || name == "high") {
      TakeTime(name, attributes);
    } else if (name == "code") {
      concept_of = TakeCode(attributes);
    } else if (name == "value") {
      concept_of = TakeValue(attributes);
      // Of a value without a code, its text says what it is.
      if (XmlAttribute(attributes, "code").empty()) words_of = concept_of;
    } else if (name == "originalText" && !frames_.empty()) {
      words_of = frames_.back().concept_of;
    } else if (name == "text" && frames_.size() == act_depth() &&
               item_.entry.code().coding().empty() &&
               item_.entry.code().text().empty()) {
      // Of an act without a code, its text says what it is.
      words_of = item_.entry.mutable_code();
    } else if (name == "reference") {
      TakeReference(attributes);
    } else if (name == "translation" && !frames_.empty()) {
      concept_of = frames_.back().concept_of;
      if (concept_of != nullptr) AddCoding(attributes, concept_of);
    }
  }
  frames_.push_back({std::string(name), concept_of, words_of});
}

void CdaEntryVisitor::End(const char* name) {
  if (item_.kind == CdaItem::Kind::kNarrative) {
    sections_.back().narrative.End(LocalName(name));
  }
  if (frames_.back().words_of != nullptr) TakeWords(frames_.back().words_of);
  frames_.pop_back();
}

bool CdaEntryVisitor::WantsText() const {
  return item_.kind == CdaItem::Kind::kNarrative ||
         (!frames_.empty() && frames_.back().words_of != nullptr);
}

void CdaEntryVisitor::Text(absl::string_view text) {
  if (item_.kind == CdaItem::Kind::kNarrative) {
    sections_.back().narrative.Text(text);
  } else {
    AppendWords(text, CdaNarrative::kMaxWordsBytes, &words_);
  }
}

void CdaEntryVisitor::Drop() {
  if (item_.kind == CdaItem::Kind::kNarrative) {
    sections_.back().narrative.Drop();
  } else if (item_.kind == CdaItem::Kind::kPatient) {
    is_patient_dropped_ = true;
  }
  frames_.clear();
  words_.clear();
  referred_ = {};
  Reset(item_.kind);
}

size_t CdaEntryVisitor::NarrativeRoom() const {
  size_t others = 0;
  for (const Section& section : sections_) {
    others += section.narrative.size_bytes();
  }
  others -= sections_.back().narrative.size_bytes();
  // A narrative may be larger than its room by its last ID or words.
  return kMaxNarrativeBytes - std::min(others, kMaxNarrativeBytes);
}

// Words that stand in the text of the entry's own section.
void CdaEntryVisitor::TakeReference(const char* const* attributes) {
  if (frames_.empty() || frames_.back().words_of == nullptr ||
      sections_.empty()) {
    return;
  }
  absl::string_view id = XmlAttribute(attributes, "value");
  if (absl::ConsumePrefix(&id, "#")) {
    referred_ = sections_.back().narrative.Find(id);
  }
}

// What the element itself says is nearer than what it refers to.
void CdaEntryVisitor::TakeWords(v1::CodedConcept* target) {
  const absl::string_view own = absl::StripTrailingAsciiWhitespace(words_);
  if (!own.empty()) {
    target->set_text(std::string(own));
  } else if (!referred_.empty()) {
    target->set_text(std::string(referred_));
    item_.referred.push_back(referred_);
  }
  words_.clear();
  referred_ = {};
}

void CdaEntryVisitor::TakeAct(absl::string_view name,
                              const char* const* attributes) {
  item_.entry.set_entry_class(std::string(name));
  item_.entry.set_negated(XmlAttribute(attributes, "negationInd") == "true");
}

void CdaEntryVisitor::TakeId(const char* const* attributes) {
  if (item_.id.empty()) item_.id = IdText(attributes);
}

// Of the act itself, else of the first act in it that says when.
void CdaEntryVisitor::TakeTime(absl::string_view name,
                               const char* const* attributes) {
  if (IsIn("author") || IsIn("performer") || IsIn("informant")) return;
  const bool is_whole = name == "effectiveTime";
  if (is_whole) ++times_;
  const absl::string_view value = XmlAttribute(attributes, "value");
  if (value.empty() || (!is_whole && frames_.back().name != "effectiveTime")) {
    return;
  }
  // Start and end belong together.
  if (time_taken_ != 0 && time_taken_ != times_) return;
  time_taken_ = times_;
  (name == "high" ? item_.end : item_.start) = std::string(value);
}

v1::CodedConcept* CdaEntryVisitor::TakeCode(const char* const* attributes) {
  // Whoever wrote or did it is a person of their own.
  if (IsIn("author") || IsIn("performer") || IsIn("informant") ||
      IsIn("assignedEntity")) {
    return nullptr;
  }
  const absl::string_view parent = frames_.back().name;
  const bool is_own =
      frames_.size() == act_depth() || parent == "manufacturedMaterial";
  v1::CodedConcept* target = nullptr;
  if (is_own) {
    target = item_.entry.mutable_code();
  } else if (item_.entry.values_size() < static_cast<int>(kMaxValues)) {
    target = item_.entry.add_values();
  }
  if (target == nullptr) return nullptr;
  AddCoding(attributes, target);
  return target;
}

v1::CodedConcept* CdaEntryVisitor::TakeValue(const char* const* attributes) {
  const absl::string_view number = XmlAttribute(attributes, "value");
  const absl::string_view code = XmlAttribute(attributes, "code");
  if (!number.empty() && code.empty()) {
    double parsed;
    if (!item_.entry.has_value()) {
      v1::Quantity* const value = item_.entry.mutable_value();
      const absl::string_view unit = XmlAttribute(attributes, "unit");
      value->set_unit(unit == "1" ? "" : std::string(unit.substr(0, 256)));
      if (absl::SimpleAtod(number, &parsed) && std::isfinite(parsed)) {
        value->set_value(parsed);
      } else {
        value->set_given_value(std::string(number.substr(0, 256)));
      }
    }
    return nullptr;
  }
  if (item_.entry.values_size() >= static_cast<int>(kMaxValues)) {
    return nullptr;
  }
  // A value that is a translation of nothing keeps its translations.
  v1::CodedConcept* const target = item_.entry.add_values();
  AddCoding(attributes, target);
  return target;
}

}  // namespace subrosa
