#include "src/exports/set_survey.h"

#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

// What of one consumer and type is put down at once.
constexpr size_t kPartBytes = 64 << 10;
// Dates are moved back by 1 to so many days.
constexpr uint32_t kMostDaysMoved = 365;

// Of one type, what waits to be put down.
struct Waiting {
  std::string text;
  uint32_t records = 0;
};

// How many days the dates of `consumer` move: the same whenever they are asked
// for.
absl::StatusOr<int32_t> DaysMoved(Vault& vault, const std::string& consumer,
                                  const SetTerms& terms,
                                  absl::string_view period) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string secret,
                           vault.PseudonymOf(consumer, terms.recipient,
                                             absl::StrCat(period, " days")));
  uint32_t number = 0;
  if (!absl::SimpleHexAtoi(secret.substr(0, 8), &number)) {
    return absl::InternalError("pseudonym: want hexadecimal digits");
  }
  return -1 - static_cast<int32_t>(number % kMostDaysMoved);
}

}  // namespace

// The records of one consumer, while they are read.
class SetSurvey::Reading {
 public:
  Reading(SetSurvey* survey, const SetTerms& terms,
          PayloadDeidentifier* deidentifier, SetDraft* draft)
      : survey_(*survey),
        terms_(terms),
        deidentifier_(*deidentifier),
        draft_(draft),
        place_(survey->consumers_.size()) {
    survey_.consumers_.emplace_back();
  }

  // In what goes out. Not called where nothing does.
  void SetName(std::string name) { out_.consumer = std::move(name); }

  absl::Status Take(const v1::HealthRecord& record, const RowFacts& facts) {
    if (!terms_.schemas.empty() && terms_.schemas.count(facts.schema) == 0) {
      return absl::OkStatus();
    }
    SUBROSA_ASSIGN_OR_RETURN(SetType* const type, TypeOf(record, facts.schema));
    SetConsumer& consumer = survey_.consumers_[place_];
    SUBROSA_RETURN_IF_ERROR(
        deidentifier_.Apply(type->payload.get(), &consumer.counts, &values_));
    SetWhen(record);
    consumer.categories |= facts.categories;
    AddKind(facts);
    if (draft_ == nullptr) return absl::OkStatus();
    out_.categories = facts.categories;
    Waiting& waiting = waiting_[type];
    SUBROSA_RETURN_IF_ERROR(
        type->lines->Append(out_, *type->payload, &waiting.text));
    ++waiting.records;
    return waiting.text.size() < kPartBytes ? absl::OkStatus()
                                            : PutDown(*type, &waiting);
  }

  // To be called when all were taken. Forgets a consumer of whom there were
  // none.
  absl::Status Finish(const std::string& account) {
    if (kinds_.empty()) {
      survey_.consumers_.pop_back();
      return absl::OkStatus();
    }
    for (auto& [type, waiting] : waiting_) {
      if (waiting.records == 0) continue;
      SUBROSA_RETURN_IF_ERROR(PutDown(*type, &waiting));
    }
    std::string kind;
    for (const std::string& each : kinds_) absl::StrAppend(&kind, each, ";");
    SetConsumer& consumer = survey_.consumers_[place_];
    consumer.id = account;
    consumer.group = survey_.groups_.Add(values_, kind);
    return absl::OkStatus();
  }

 private:
  // With the payload of `record` in it.
  absl::StatusOr<SetType*> TypeOf(const v1::HealthRecord& record,
                                  const std::string& schema) {
    if (type_ == nullptr || schema != type_->descriptor->full_name()) {
      SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<google::protobuf::Message> first,
                               ParsePayload(record, survey_.types_known_));
      type_ = &survey_.types_[schema];
      type_->descriptor = first->GetDescriptor();
      type_->payload = std::move(first);
      if (type_->lines == nullptr) {
        type_->lines =
            std::make_unique<SetLines>(terms_.form, *type_->descriptor);
      }
      return type_;
    }
    if (!type_->payload->ParseFromString(record.payload().value())) {
      return absl::DataLossError(absl::StrCat("payload: want a `", schema,
                                              "`, got bytes that are none"));
    }
    return type_;
  }

  void SetWhen(const v1::HealthRecord& record) {
    const absl::CivilDay day = absl::ToCivilDay(
        deidentifier_.Coarse(WhenOf(record)), absl::UTCTimeZone());
    if (terms_.dates == DateRule::kShifted) {
      out_.when = absl::FormatCivilTime(day);
      return;
    }
    if (day.year() == year_) return;
    year_ = day.year();
    out_.when = absl::StrCat(year_);
    values_.insert(absl::StrCat("year ", out_.when));
  }

  void AddKind(const RowFacts& facts) {
    if (type_ == kind_type_ && facts.categories == kind_categories_ &&
        facts.labels == kind_labels_) {
      return;
    }
    kind_type_ = type_;
    kind_categories_ = facts.categories;
    kind_labels_ = facts.labels;
    kinds_.insert(
        absl::StrCat(facts.schema, " ", facts.categories, " ", facts.labels));
  }

  absl::Status PutDown(const SetType& type, Waiting* waiting) {
    SUBROSA_RETURN_IF_ERROR(draft_->Add(
        type.descriptor->full_name(),
        {static_cast<uint32_t>(place_), waiting->records, waiting->text}));
    waiting->text.clear();
    waiting->records = 0;
    return absl::OkStatus();
  }

  SetSurvey& survey_;
  const SetTerms& terms_;
  PayloadDeidentifier& deidentifier_;
  SetDraft* const draft_;
  const size_t place_;  // Among the consumers.
  SetRecord out_;
  CoarseValues values_;
  std::set<std::string> kinds_;
  std::map<const SetType*, Waiting> waiting_;
  // Of the last record.
  SetType* type_ = nullptr;
  int64_t year_ = 0;
  const SetType* kind_type_ = nullptr;
  decltype(RowFacts::categories) kind_categories_ = 0;
  decltype(RowFacts::labels) kind_labels_ = 0;
};

absl::Status SetSurvey::Gather(PermittedWalk& walk, const SetTerms& terms,
                               absl::string_view period,
                               PayloadDeidentifier* deidentifier,
                               SetDraft* draft) {
  // A single type need not have the others' records opened.
  const std::string only =
      terms.schemas.size() == 1 ? *terms.schemas.begin() : std::string();
  int64_t records = 0;
  return walk.Visit([&](const WalkedConsumer& walked,
                        PermittedWalk::ReadRecords read) -> absl::Status {
    if (consumers_.size() >= kMostConsumers) {
      return absl::ResourceExhaustedError(
          absl::StrCat("set: want at most ", kMostConsumers,
                       " consumers, got more; name types to write of fewer"));
    }
    // One who is erased while they are read keeps their place, without a group:
    // what was put down of them goes nowhere.
    Reading reading(this, terms, deidentifier, draft);
    if (draft != nullptr) {
      SUBROSA_ASSIGN_OR_RETURN(
          std::string name,
          walk.vault().PseudonymOf(walked.id, terms.recipient, period));
      reading.SetName(std::move(name));
    }
    if (terms.dates == DateRule::kShifted) {
      SUBROSA_ASSIGN_OR_RETURN(
          const int32_t days,
          DaysMoved(walk.vault(), walked.id, terms, period));
      deidentifier->ShiftBy(days);
    }
    SUBROSA_RETURN_IF_ERROR(
        read(only, [&](const v1::HealthRecord& record, const RowFacts& facts) {
          if (terms.on_progress != nullptr && ++records % 1024 == 0) {
            terms.on_progress(records);
          }
          return reading.Take(record, facts);
        }));
    return reading.Finish(walked.id);
  });
}

}  // namespace subrosa
