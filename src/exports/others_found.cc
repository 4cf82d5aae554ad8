#include "src/exports/others_found.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/health_context.h"
#include "src/classify/health_reader.h"
#include "src/classify/health_record_reader.h"
#include "src/classify/marks.h"
#include "src/classify/taxonomy_facts.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"
#include "src/crypto/sha256.h"
#include "src/exports/instant_text.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// What leads to a person by itself. Dates, places and devices are the
// consumer's own story.
bool LeadsToAPerson(const TextMatch& match) {
  switch (match.identifier) {
    case v1::IDENTIFIER_NAME:
    case v1::IDENTIFIER_ADDRESS:
    case v1::IDENTIFIER_PHONE:
    case v1::IDENTIFIER_FAX:
    case v1::IDENTIFIER_EMAIL:
      return static_cast<TextRuleId>(match.rule) != TextRuleId::kPlaceName &&
             static_cast<TextRuleId>(match.rule) != TextRuleId::kZip;
    default:
      return false;
  }
}

// Whose health is meant, and what that is called among the kinds found.
constexpr absl::string_view kOfFamily = "health of a relative";
constexpr absl::string_view kOfOther = "health of somebody else";

// What foreign formats call the history of a family: a resource of FHIR, a
// section of C-CDA.
bool IsOfTheFamily(absl::string_view resource_type) {
  return resource_type == "FamilyMemberHistory" ||
         resource_type == "cda:family-history";
}

using KindCounts = std::map<std::string, int64_t>;

// What was found in one record.
struct FoundInRecord {
  KindCounts kinds;
  std::set<FoundHealth> health;
};

class Finder {
 public:
  static absl::StatusOr<Finder> Create() {
    SUBROSA_ASSIGN_OR_RETURN(HealthReader health, HealthReader::Create());
    Finder finder(std::move(health));
    TextScanner::Options options;
    options.names = true;
    SUBROSA_ASSIGN_OR_RETURN(finder.scanner_, TextScanner::Create(options));
    SUBROSA_ASSIGN_OR_RETURN(finder.scratch_, finder.scanner_->NewScratch());
    return finder;
  }

  // Finds what stands in the payload of `record`, which is `payload`.
  absl::StatusOr<FoundInRecord> Look(const v1::HealthRecord& record,
                                     const RowFacts& facts,
                                     const Message& payload) {
    found_ = FoundInRecord();
    categories_ = CategorySet::FromBits(facts.categories);
    is_by_consumer_ =
        record.provenance().collection() == v1::COLLECTION_CONSUMER;
    path_.clear();
    SUBROSA_RETURN_IF_ERROR(LookBelow(payload));
    return std::move(found_);
  }

 private:
  explicit Finder(HealthReader health) : health_(std::move(health)) {}

  absl::Status LookBelow(const Message& message) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    const size_t above = path_.size();
    for (const FieldDescriptor* field : fields) {
      const bool is_message =
          field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      if (!is_message && field->type() != FieldDescriptor::TYPE_STRING) {
        continue;
      }
      const int size =
          field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < size; ++i) {
        absl::StrAppend(&path_, above == 0 ? "" : ".", field->name());
        if (field->is_repeated()) absl::StrAppend(&path_, "[", i, "]");
        SUBROSA_RETURN_IF_ERROR(
            is_message ? LookBelow(field->is_repeated()
                                       ? reflection.GetRepeatedMessage(message,
                                                                       field, i)
                                       : reflection.GetMessage(message, field))
                       : LookAt(message, *field, i));
        path_.resize(above);
      }
    }
    return absl::OkStatus();
  }

  absl::Status LookAt(const Message& message, const FieldDescriptor& field,
                      int i) {
    const Reflection& reflection = *message.GetReflection();
    std::string scratch;
    const std::string& text =
        field.is_repeated()
            ? reflection.GetRepeatedStringReference(message, &field, i,
                                                    &scratch)
            : reflection.GetStringReference(message, &field, &scratch);
    const absl::StatusOr<v1::FieldMark> mark = MarkOf(field);
    // A person wrote it, or nobody said what it is.
    if (!mark.ok() || !IsMarked(*mark) || mark->free_text()) {
      return LookAtText(text);
    }
    if (mark->role() == v1::FIELD_ROLE_RESOURCE_TYPE && IsOfTheFamily(text)) {
      AddHealth(HealthExperiencer::kFamily, categories_);
    }
    return absl::OkStatus();
  }

  absl::Status LookAtText(const std::string& text) {
    SUBROSA_RETURN_IF_ERROR(scanner_->Scan(text, scratch_.get(), &matches_));
    for (const TextMatch& match : matches_) {
      if (!LeadsToAPerson(match)) continue;
      ++found_.kinds[TextRules()[match.rule].title];
    }
    health_.Read(text, &health_scratch_, &mentions_);
    for (const HealthMention& mention : mentions_) {
      if (mention.score < ToldKinds::kMinScore) continue;
      const HealthExperiencer of = mention.experiencer;
      if (of == HealthExperiencer::kFamily ||
          (of == HealthExperiencer::kOther && is_by_consumer_)) {
        AddHealth(of, mention.rule->kinds.categories);
      }
    }
    return absl::OkStatus();
  }

  void AddHealth(HealthExperiencer of, CategorySet categories) {
    ++found_.kinds[std::string(of == HealthExperiencer::kFamily ? kOfFamily
                                                                : kOfOther)];
    for (const v1::HealthCategory category : categories.Values()) {
      if (found_.health.size() == FoundPlace::kMostHealth) return;
      found_.health.insert({path_, std::string(ExperiencerText(of)), category});
    }
  }

  HealthReader health_;
  HealthReader::Scratch health_scratch_;
  std::vector<HealthMention> mentions_;
  std::unique_ptr<TextScanner> scanner_;
  std::unique_ptr<TextScanner::Scratch> scratch_;
  std::vector<TextMatch> matches_;
  // Of the record that is looked at.
  FoundInRecord found_;
  CategorySet categories_;
  bool is_by_consumer_ = false;
  std::string path_;
};

std::string Words(const KindCounts& kinds) {
  std::string words;
  for (const auto& [title, count] : kinds) {
    absl::StrAppend(&words, words.empty() ? "" : ", ", title, ": ", count);
  }
  return words;
}

// Names what was found, as the officer saw it.
class FoundDigest {
 public:
  explicit FoundDigest(absl::string_view secret) {
    sha256_.Begin();
    Add(secret);
  }

  void Add(const v1::HealthRecord& record, const FoundInRecord& here) {
    Add(record.source());
    Add(record.id());
    Add(record.payload().type_url());
    Add(record.payload().value());
    Add(Words(here.kinds));
    for (const FoundHealth& health : here.health) {
      Add(health.field);
      Add(health.of);
      Add(Slug(health.category));
    }
  }

  std::string Finish() {
    const auto digest = sha256_.Finish();
    return absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(digest.data()), 8));
  }

 private:
  // With its length, so that nothing moves from one part into the next.
  void Add(absl::string_view part) {
    sha256_.Add(absl::StrCat(part.size(), ":"));
    sha256_.Add(part);
  }

  Sha256 sha256_;
};

}  // namespace

absl::StatusOr<OthersFound> FindOthers(Steward& steward,
                                       absl::string_view consumer,
                                       const CopyRange& range) {
  SUBROSA_ASSIGN_OR_RETURN(Finder finder, Finder::Create());
  // In the place of a recipient's slug, so that no recipient has this name.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string secret,
      steward.PseudonymOf(consumer, "consumer's copies", "reviewed"));
  FoundDigest digest(secret);
  OthersFound found;
  SUBROSA_RETURN_IF_ERROR(steward.ScanForConsumer(
      consumer,
      [&](const v1::HealthRecord& record,
          const RowFacts& facts) -> absl::Status {
        if (!range.Has(record)) {
          ++found.outside_range;
          return absl::OkStatus();
        }
        ++found.records;
        SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Message> payload,
                                 ParsePayload(record, steward.types()));
        SUBROSA_ASSIGN_OR_RETURN(const FoundInRecord here,
                                 finder.Look(record, facts, *payload));
        if (here.kinds.empty()) return absl::OkStatus();
        ++found.with_others;
        digest.Add(record, here);
        for (const auto& [title, count] : here.kinds) {
          found.kinds[title] += count;
        }
        if (found.places.size() < OthersFound::kMostPlaces) {
          found.places.push_back({TypeTitle(*payload->GetDescriptor()),
                                  record.id(), InstantText(WhenOf(record)),
                                  Words(here.kinds),
                                  std::vector<FoundHealth>(here.health.begin(),
                                                           here.health.end())});
        }
        return absl::OkStatus();
      }));
  if (found.with_others > 0) found.digest = digest.Finish();
  return found;
}

}  // namespace subrosa
