#include "src/exports/copy.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "src/base/status_macros.h"
#include "src/exports/instant_text.h"
#include "src/exports/json_text.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/exports/withheld_items.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

using ::google::protobuf::Message;

std::string Line(const std::vector<absl::string_view>& cells) {
  std::string line;
  for (const absl::string_view cell : cells) {
    if (!line.empty()) line.push_back(',');
    AppendCsvCell(cell, &line);
  }
  return absl::StrCat(line, "\r\n");
}

absl::Status WriteCsvRecord(const v1::HealthRecord& record,
                            const RowFacts& facts, const Message& payload,
                            CopySink sink) {
  const std::string type = TypeTitle(*payload.GetDescriptor());
  const std::string when = InstantText(WhenOf(record));
  const std::string categories = CategorySlugs(facts);
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
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<WithheldItems> withheld,
                           WithheldItems::Create(steward.gate().law()));
  RecordJson json;
  std::string line;
  const auto begin = [&]() -> absl::Status {
    if (format == CopyFormat::kCsv) {
      return sink(Line({"type", "record", "when", "source", "purpose",
                        "categories", "field", "value"}));
    }
    line = "{\"entity\":";
    AppendJsonText(steward.entity(), &line);
    line.append(",\"consumer\":");
    AppendJsonText(consumer, &line);
    line.append(",\"made_at\":");
    AppendJsonText(InstantText(made_at), &line);
    line.append(",\"records\":[");
    return sink(line);
  };
  const auto write = [&](const v1::HealthRecord& held,
                         const RowFacts& facts) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Message> payload,
                             ParsePayload(held, steward.types()));
    SUBROSA_RETURN_IF_ERROR(withheld->TakeOut(payload.get()));
    v1::HealthRecord record = held;
    SUBROSA_RETURN_IF_ERROR(withheld->TakeOutOfNames(&record).status());
    const bool first = summary.records++ == 0;
    if (first) SUBROSA_RETURN_IF_ERROR(begin());
    if (format == CopyFormat::kCsv) {
      return WriteCsvRecord(record, facts, *payload, sink);
    }
    line = first ? "\n" : ",\n";
    SUBROSA_RETURN_IF_ERROR(json.Append(record, facts, *payload, &line));
    return sink(line);
  };
  // The head comes with the first record, so that nothing is written for a
  // consumer who is not known.
  SUBROSA_RETURN_IF_ERROR(steward.ScanForConsumer(consumer, write));
  if (summary.records == 0) SUBROSA_RETURN_IF_ERROR(begin());
  for (const WithheldItem& item : withheld->items()) {
    summary.withheld += item.times;
  }
  if (format == CopyFormat::kJson) {
    SUBROSA_RETURN_IF_ERROR(
        sink(absl::StrCat("\n],\"record_count\":", summary.records,
                          ",\"withheld\":", summary.withheld, "}\n")));
  }
  return summary;
}

}  // namespace subrosa
