#include "tools/subrosa/entry_lines.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/consent_ledger.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/line_reader.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {
namespace {

// Entries that share a commit.
constexpr size_t kBatch = 500;

// Reads one line after another as an entry.
class EntryParser {
 public:
  explicit EntryParser(EntryKind kind)
      : kind_(kind),
        plans_(MessageTypes::Linked()),
        decoder_(&plans_),
        plan_(*plans_.For(kind == EntryKind::kChoice
                              ? v1::Choice::descriptor()
                              : v1::LedgerEntry::descriptor())) {}

  absl::StatusOr<v1::LedgerEntry> Parse(absl::string_view line) {
    SUBROSA_RETURN_IF_ERROR(decoder_.Decode(line, plan_, &wire_));
    v1::LedgerEntry entry;
    if (kind_ == EntryKind::kChoice) {
      if (!entry.mutable_choice()->ParseFromString(wire_)) return NoEntry();
      entry.set_consumer(entry.choice().consumer());
      return entry;
    }
    if (!entry.ParseFromString(wire_)) return NoEntry();
    entry.clear_recorded_at();  // The ledger's to say.
    return entry.has_facts()
               ? entry
               : absl::StatusOr<v1::LedgerEntry>(absl::InvalidArgumentError(
                     "facts: want what is known of the consumer, got none"));
  }

 private:
  // What the decoder wrote parses: this is for what it cannot know.
  static absl::Status NoEntry() {
    return absl::InvalidArgumentError("line: want an entry, got another");
  }

  const EntryKind kind_;
  MessagePlans plans_;
  JsonDecoder decoder_;
  const MessagePlan& plan_;
  std::string wire_;
};

class LineRecorder {
 public:
  LineRecorder(EntryKind kind, ConsentGate& gate)
      : parser_(kind), gate_(gate) {}

  absl::Status Take(const Line& line) {
    absl::StatusOr<v1::LedgerEntry> entry = parser_.Parse(line.text);
    if (!entry.ok()) {
      Refuse(line.number, entry.status());
      return absl::OkStatus();
    }
    entries_.push_back(*std::move(entry));
    lines_.push_back(line.number);
    return entries_.size() < kBatch ? absl::OkStatus() : Flush();
  }

  void Refuse(uint64_t line, const absl::Status& status) {
    ++summary_.refused;
    if (summary_.refusals.size() < kMaxRefusals) {
      summary_.refusals.push_back({line, status});
    }
  }

  absl::Status Flush() {
    std::vector<const v1::LedgerEntry*> entries;
    for (const v1::LedgerEntry& entry : entries_) entries.push_back(&entry);
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<EntryResult> results,
                             gate_.Record(entries));
    for (size_t i = 0; i < results.size(); ++i) {
      if (results[i].status.ok()) {
        ++summary_.recorded;
      } else {
        Refuse(lines_[i], results[i].status);
      }
    }
    entries_.clear();
    lines_.clear();
    return absl::OkStatus();
  }

  EntrySummary& summary() { return summary_; }

 private:
  EntryParser parser_;
  ConsentGate& gate_;
  std::vector<v1::LedgerEntry> entries_;
  std::vector<uint64_t> lines_;
  EntrySummary summary_;
};

}  // namespace

absl::StatusOr<EntrySummary> RecordLines(const std::string& path,
                                         EntryKind kind, ConsentGate& gate) {
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  LineReader reader(std::move(input), kMaxLedgerEntryBytes);
  LineRecorder recorder(kind, gate);
  while (true) {
    SUBROSA_ASSIGN_OR_RETURN(const Line line, reader.Next());
    if (line.kind == Line::Kind::kEnd) break;
    if (line.kind == Line::Kind::kTooLong) {
      recorder.Refuse(line.number, reader.TooLong());
    } else {
      SUBROSA_RETURN_IF_ERROR(recorder.Take(line));
    }
  }
  SUBROSA_RETURN_IF_ERROR(recorder.Flush());
  return std::move(recorder.summary());
}

std::string EntrySummaryText(const std::string& path,
                             const EntrySummary& summary) {
  std::string text = absl::StrCat(path, ": ", summary.recorded, " recorded, ",
                                  summary.refused, " refused\n");
  for (const LineRefusal& refusal : summary.refusals) {
    absl::StrAppend(&text, "  line ", refusal.line, ": ",
                    refusal.status.message(), "\n");
  }
  if (summary.refused > summary.refusals.size()) {
    absl::StrAppend(&text, "  and ", summary.refused - summary.refusals.size(),
                    " more\n");
  }
  return text;
}

nlohmann::ordered_json EntrySummaryJson(const std::string& path,
                                        const EntrySummary& summary) {
  nlohmann::ordered_json refusals = nlohmann::ordered_json::array();
  for (const LineRefusal& refusal : summary.refusals) {
    refusals.push_back(
        {{"line", refusal.line},
         {"code", absl::StatusCodeToString(refusal.status.code())},
         {"reason", std::string(refusal.status.message())}});
  }
  return {{"file", path},
          {"recorded", summary.recorded},
          {"refused", summary.refused},
          {"refusals", refusals}};
}

}  // namespace subrosa
