#include "src/exports/copy.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/taxonomy_facts.h"
#include "src/exports/payload_text.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;
using ::google::protobuf::Message;

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string TimeText(const google::protobuf::Timestamp& timestamp) {
  return TimeText(absl::FromUnixSeconds(timestamp.seconds()) +
                  absl::Nanoseconds(timestamp.nanos()));
}

// What the text is not valid UTF-8 of is replaced, never refused: the copy is
// the consumer's.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json CategoriesJson(const RowFacts& facts) {
  Json categories = Json::array();
  for (const v1::HealthCategory category :
       CategorySet::FromBits(facts.categories).Values()) {
    const v1::ClauseFacts& clause = FactsOf(category);
    categories.push_back({{"category", std::string(Slug(category))},
                          {"title", clause.title()},
                          {"clause", clause.clause()}});
  }
  return categories;
}

Json LabelsJson(const RowFacts& facts) {
  Json labels = Json::array();
  for (const v1::HealthLabel label :
       LabelSet::FromBits(facts.labels).Values()) {
    labels.push_back(std::string(Slug(label)));
  }
  return labels;
}

// Everything that is held of one record but its payload.
Json FrameJson(const v1::HealthRecord& record, const RowFacts& facts,
               const Message& payload) {
  Json frame;
  frame["type"] = TypeTitle(*payload.GetDescriptor());
  frame["schema"] = facts.schema;
  frame["id"] = record.id();
  frame["source"] = record.source();
  frame["collected_at"] = TimeText(record.collected_at());
  if (record.effective().has_start()) {
    frame["effective_start"] = TimeText(record.effective().start());
  }
  if (record.effective().has_end()) {
    frame["effective_end"] = TimeText(record.effective().end());
  }
  frame["purpose"] = record.purpose();
  frame["basis"] = v1::Basis_Name(record.basis());
  frame["collection"] = v1::Collection_Name(record.provenance().collection());
  if (!record.provenance().application().empty()) {
    frame["application"] = record.provenance().application();
  }
  if (!record.provenance().inference_rule().empty()) {
    frame["inference_rule"] = record.provenance().inference_rule();
  }
  if (!record.origin().system().empty()) {
    frame["origin"] = {{"system", record.origin().system()},
                       {"type", record.origin().type()},
                       {"id", record.origin().id()}};
  }
  frame["categories"] = CategoriesJson(facts);
  frame["labels"] = LabelsJson(facts);
  return frame;
}

// RFC 4180. A spreadsheet takes a cell that begins with one of these for a
// formula; a quote in front makes it text.
std::string Cell(absl::string_view text) {
  const bool formula =
      !text.empty() && absl::string_view("=+-@\t\r").find(text.front()) !=
                           absl::string_view::npos;
  double number;
  const bool guard = formula && !absl::SimpleAtod(text, &number);
  return absl::StrCat("\"", guard ? "'" : "",
                      absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string Line(const std::vector<absl::string_view>& cells) {
  std::string line;
  for (const absl::string_view cell : cells) {
    absl::StrAppend(&line, line.empty() ? "" : ",", Cell(cell));
  }
  return absl::StrCat(line, "\r\n");
}

std::string Slugs(const RowFacts& facts) {
  std::string slugs;
  for (const v1::HealthCategory category :
       CategorySet::FromBits(facts.categories).Values()) {
    absl::StrAppend(&slugs, slugs.empty() ? "" : " ", Slug(category));
  }
  return slugs;
}

absl::Status WriteCsvRecord(const v1::HealthRecord& record,
                            const RowFacts& facts, const Message& payload,
                            CopySink sink) {
  const std::string type = TypeTitle(*payload.GetDescriptor());
  const std::string when =
      TimeText(record.effective().has_start() ? record.effective().start()
                                              : record.collected_at());
  const std::string categories = Slugs(facts);
  return VisitValues(
      payload, [&](absl::string_view path, absl::string_view text) {
        return sink(Line({type, record.id(), when, record.source(),
                          record.purpose(), categories, path, text}));
      });
}

}  // namespace

absl::StatusOr<CopySummary> WriteCopy(Steward& steward,
                                      absl::string_view consumer,
                                      CopyFormat format, absl::Time made_at,
                                      CopySink sink) {
  CopySummary summary;
  const auto begin = [&]() -> absl::Status {
    if (format == CopyFormat::kCsv) {
      return sink(Line({"type", "record", "when", "source", "purpose",
                        "categories", "field", "value"}));
    }
    std::string head = Dump({{"entity", steward.entity()},
                             {"consumer", std::string(consumer)},
                             {"made_at", TimeText(made_at)}});
    head.pop_back();
    return sink(absl::StrCat(head, ",\"records\":["));
  };
  const auto write = [&](const v1::HealthRecord& record,
                         const RowFacts& facts) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Message> payload,
                             ParsePayload(record, steward.types()));
    const bool first = summary.records++ == 0;
    if (first) SUBROSA_RETURN_IF_ERROR(begin());
    if (format == CopyFormat::kCsv) {
      return WriteCsvRecord(record, facts, *payload, sink);
    }
    std::string frame = Dump(FrameJson(record, facts, *payload));
    frame.pop_back();
    SUBROSA_ASSIGN_OR_RETURN(const std::string content, PayloadJson(*payload));
    return sink(absl::StrCat(first ? "\n" : ",\n", frame,
                             ",\"content\":", content, "}"));
  };
  // The head comes with the first record, so that nothing is written for a
  // consumer who is not known.
  SUBROSA_RETURN_IF_ERROR(steward.ScanForConsumer(consumer, write));
  if (summary.records == 0) SUBROSA_RETURN_IF_ERROR(begin());
  if (format == CopyFormat::kJson) {
    SUBROSA_RETURN_IF_ERROR(
        sink(absl::StrCat("\n],\"record_count\":", summary.records, "}\n")));
  }
  return summary;
}

}  // namespace subrosa
