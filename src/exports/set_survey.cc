#include "src/exports/set_survey.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/ordered_pipe.h"
#include "src/base/status_macros.h"
#include "src/exports/record_text.h"

namespace subrosa {
namespace {

// Handing over costs more than a small record.
constexpr size_t kBatchRecords = 256;
constexpr size_t kBatchBytes = 32 << 10;
// Dates are moved back by 1 to so many days.
constexpr uint32_t kMostDaysMoved = 365;

using SetFeed = OrderedPipe<SetBatch>::Feed;

// Reads into batches of one consumer each.
class SetReader {
 public:
  SetReader(PermittedWalk& walk, const SetTerms& terms,
            absl::string_view question, SetFeed feed)
      : walk_(walk), terms_(terms), question_(question), feed_(feed) {}

  absl::Status ReadAll() {
    // A single type need not have the others' records opened.
    const std::string only =
        terms_.schemas.size() == 1 ? *terms_.schemas.begin() : std::string();
    return walk_.Visit([&](const WalkedConsumer& walked,
                           PermittedWalk::ReadRecords read) -> absl::Status {
      SUBROSA_RETURN_IF_ERROR(Begin(walked.id));
      SUBROSA_RETURN_IF_ERROR(read(
          only, [this](const v1::HealthRecord& record, const RowFacts& facts) {
            return Take(record, facts);
          }));
      return Finish();
    });
  }

 private:
  // A new consumer. Of one who was erased while they were read there may be
  // batches without a last.
  absl::Status Begin(const std::string& account) {
    account_ = account;
    has_any_ = false;
    if (batch_ != nullptr) batch_->size = 0;
    SUBROSA_ASSIGN_OR_RETURN(
        name_, walk_.vault().PseudonymOf(account, terms_.recipient, question_));
    if (terms_.dates == DateRule::kYears) return absl::OkStatus();
    // The same number whenever the question is asked. Another question has
    // another one: equal days would join its set with this one as names would.
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string secret,
        walk_.vault().PseudonymOf(account, terms_.recipient,
                                  absl::StrCat(question_, " days")));
    uint32_t number = 0;
    if (!absl::SimpleHexAtoi(secret.substr(0, 8), &number)) {
      return absl::InternalError("pseudonym: want hexadecimal digits");
    }
    days_moved_ = -1 - static_cast<int32_t>(number % kMostDaysMoved);
    return absl::OkStatus();
  }

  absl::Status Take(const v1::HealthRecord& record, const RowFacts& facts) {
    if (!terms_.schemas.empty() && terms_.schemas.count(facts.schema) == 0) {
      return absl::OkStatus();
    }
    if (!has_any_ && ++consumers_ > SetSurvey::kMostConsumers) {
      return absl::ResourceExhaustedError(
          absl::StrCat("set: want at most ", SetSurvey::kMostConsumers,
                       " consumers, got more; name types to write of fewer"));
    }
    has_any_ = true;
    SUBROSA_RETURN_IF_ERROR(NeedBatch());
    if (batch_->size == batch_->records.size()) batch_->records.emplace_back();
    SetBatch::Record& filled = batch_->records[batch_->size++];
    filled.payload = record.payload().value();
    filled.when = WhenOf(record);
    filled.facts = facts;
    bytes_ += filled.payload.size();
    if (batch_->size == kBatchRecords || bytes_ >= kBatchBytes) HandOn(false);
    return absl::OkStatus();
  }

  absl::Status Finish() {
    if (!has_any_) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(NeedBatch());
    HandOn(true);
    return absl::OkStatus();
  }

  absl::Status NeedBatch() {
    if (batch_ == nullptr) {
      batch_ = feed_.Begin();
      if (batch_ == nullptr) {
        return absl::CancelledError("set: nothing more is wanted");
      }
      batch_->size = 0;
    }
    if (batch_->size == 0) bytes_ = 0;
    return absl::OkStatus();
  }

  void HandOn(bool is_last) {
    batch_->consumer = consumers_;
    batch_->account = account_;
    batch_->name = name_;
    batch_->days_moved = days_moved_;
    batch_->is_last = is_last;
    feed_.End();
    batch_ = nullptr;
  }

  PermittedWalk& walk_;
  const SetTerms& terms_;
  const absl::string_view question_;
  SetFeed feed_;
  SetBatch* batch_ = nullptr;
  size_t bytes_ = 0;        // Of payloads in it.
  uint64_t consumers_ = 0;  // Of whom there was something.
  // Of the consumer in hand.
  std::string account_;
  std::string name_;
  int32_t days_moved_ = 0;
  bool has_any_ = false;
};

}  // namespace

absl::Status SetSurvey::Use(const SetBatch& batch, SetDraft* draft) {
  if (batch.consumer != at_) {
    at_ = batch.consumer;
    consumers_.emplace_back();
    gathered_ = {};
  }
  SetConsumer& consumer = consumers_.back();
  const auto place = static_cast<uint32_t>(consumers_.size() - 1);
  for (size_t i = 0; i < batch.text_count; ++i) {
    const SetBatch::TypeText& text = batch.texts[i];
    const std::string& schema = text.type->full_name();
    types_[schema] = text.type;
    consumer.records += static_cast<int64_t>(text.ends.size());
    if (draft == nullptr) continue;
    SUBROSA_RETURN_IF_ERROR(draft->Add(schema, place, text.ends, text.text));
  }
  consumer.categories |= batch.categories;
  consumer.counts += batch.counts;
  gathered_.values.insert(batch.values.begin(), batch.values.end());
  gathered_.kinds.insert(batch.kinds.begin(), batch.kinds.end());
  if (!batch.is_last) return absl::OkStatus();
  std::string kind;
  for (const auto& [schema, categories, labels] : gathered_.kinds) {
    absl::StrAppend(&kind, schema, " ", categories, " ", labels, ";");
  }
  consumer.id = batch.account;
  const std::string name = absl::HexStringToBytes(batch.name);
  if (name.size() != consumer.name.size()) {
    return absl::InternalError("pseudonym: want 32 hexadecimal digits");
  }
  std::copy(name.begin(), name.end(), consumer.name.begin());
  consumer.group = groups_.Add(gathered_.values, kind);
  consumer.is_in = true;
  return absl::OkStatus();
}

absl::Status SetSurvey::Gather(
    PermittedWalk& walk, const SetTerms& terms, absl::string_view question,
    TaskPool* pool,
    const std::vector<std::unique_ptr<SetFormatter>>& formatters,
    SetDraft* draft) {
  int64_t records = 0;
  OrderedPipe<SetBatch> pipe(pool);
  return pipe.Run(
      [&](SetFeed feed) {
        return SetReader(walk, terms, question, feed).ReadAll();
      },
      [&](size_t worker, SetBatch* batch) {
        return formatters[worker]->Format(batch);
      },
      [&](const SetBatch& batch) {
        records += static_cast<int64_t>(batch.size);
        if (terms.on_progress != nullptr) terms.on_progress(records);
        return Use(batch, draft);
      });
}

void SetSurvey::LeaveOut(int64_t least, DeidentifiedCounts* counts) {
  for (SetConsumer& consumer : consumers_) {
    consumer.is_in =
        consumer.is_in && groups_.consumers(consumer.group) >= least;
    if (consumer.is_in) *counts += consumer.counts;
  }
  for (size_t i = 0; i < consumers_.size(); ++i) {
    if (consumers_[i].is_in) by_name_.push_back(static_cast<uint32_t>(i));
  }
  std::sort(by_name_.begin(), by_name_.end(), [this](uint32_t a, uint32_t b) {
    return consumers_[a].name < consumers_[b].name;
  });
}

}  // namespace subrosa
