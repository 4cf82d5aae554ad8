#include "src/exports/others_found.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"
#include "src/classify/text_rules.h"
#include "src/exports/instant_text.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/annotations.pb.h"

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

using KindCounts = std::map<std::string, int64_t>;

class Finder {
 public:
  static absl::StatusOr<Finder> Create() {
    Finder finder;
    TextScanner::Options options;
    options.names = true;
    SUBROSA_ASSIGN_OR_RETURN(finder.scanner_, TextScanner::Create(options));
    SUBROSA_ASSIGN_OR_RETURN(finder.scratch_, finder.scanner_->NewScratch());
    return finder;
  }

  // Adds what stands in the free text of `message`.
  absl::Status Look(const Message& message, KindCounts* kinds) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const int size =
          field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      const bool is_text =
          field->type() == FieldDescriptor::TYPE_STRING && IsWritten(*field);
      for (int i = 0; i < size; ++i) {
        if (is_text) {
          std::string scratch;
          SUBROSA_RETURN_IF_ERROR(LookAt(
              field->is_repeated()
                  ? reflection.GetRepeatedStringReference(message, field, i,
                                                          &scratch)
                  : reflection.GetStringReference(message, field, &scratch),
              kinds));
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          SUBROSA_RETURN_IF_ERROR(
              Look(field->is_repeated()
                       ? reflection.GetRepeatedMessage(message, field, i)
                       : reflection.GetMessage(message, field),
                   kinds));
        }
      }
    }
    return absl::OkStatus();
  }

 private:
  Finder() = default;

  // A person wrote it, or nobody said what it is.
  static bool IsWritten(const FieldDescriptor& field) {
    const absl::StatusOr<v1::FieldMark> mark = MarkOf(field);
    return !mark.ok() || !IsMarked(*mark) || mark->free_text();
  }

  absl::Status LookAt(const std::string& text, KindCounts* kinds) {
    SUBROSA_RETURN_IF_ERROR(scanner_->Scan(text, scratch_.get(), &matches_));
    for (const TextMatch& match : matches_) {
      if (!LeadsToAPerson(match)) continue;
      ++(*kinds)[TextRules()[match.rule].title];
    }
    return absl::OkStatus();
  }

  std::unique_ptr<TextScanner> scanner_;
  std::unique_ptr<TextScanner::Scratch> scratch_;
  std::vector<TextMatch> matches_;
};

std::string Words(const KindCounts& kinds) {
  std::string words;
  for (const auto& [title, count] : kinds) {
    absl::StrAppend(&words, words.empty() ? "" : ", ", title, ": ", count);
  }
  return words;
}

}  // namespace

absl::StatusOr<OthersFound> FindOthers(Steward& steward,
                                       absl::string_view consumer,
                                       const CopyRange& range) {
  SUBROSA_ASSIGN_OR_RETURN(Finder finder, Finder::Create());
  OthersFound found;
  SUBROSA_RETURN_IF_ERROR(steward.ScanForConsumer(
      consumer,
      [&](const v1::HealthRecord& record, const RowFacts&) -> absl::Status {
        if (!range.Has(record)) {
          ++found.outside_range;
          return absl::OkStatus();
        }
        ++found.records;
        SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Message> payload,
                                 ParsePayload(record, steward.types()));
        KindCounts kinds;
        SUBROSA_RETURN_IF_ERROR(finder.Look(*payload, &kinds));
        if (kinds.empty()) return absl::OkStatus();
        ++found.with_others;
        for (const auto& [title, count] : kinds) found.kinds[title] += count;
        if (found.places.size() < OthersFound::kMostPlaces) {
          found.places.push_back({TypeTitle(*payload->GetDescriptor()),
                                  record.id(), InstantText(WhenOf(record)),
                                  Words(kinds)});
        }
        return absl::OkStatus();
      }));
  return found;
}

}  // namespace subrosa
