#include "src/exports/set_survey.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/vault/record_row.h"

namespace subrosa {

absl::StatusOr<CoarseRecord> Coarsen(const v1::HealthRecord& record,
                                     const MessageTypes& types, DateRule dates,
                                     PayloadDeidentifier* deidentifier,
                                     DeidentifiedCounts* counts,
                                     CoarseValues* coarse) {
  CoarseRecord out;
  SUBROSA_ASSIGN_OR_RETURN(out.payload, ParsePayload(record, types));
  SUBROSA_RETURN_IF_ERROR(
      deidentifier->Apply(out.payload.get(), counts, coarse));
  const absl::CivilDay day = absl::ToCivilDay(
      deidentifier->Coarse(WhenOf(record)), absl::UTCTimeZone());
  if (dates == DateRule::kShifted) {
    out.when = absl::FormatCivilTime(day);
  } else {
    out.when = absl::StrCat(day.year());
    coarse->insert(absl::StrCat("year ", out.when));
  }
  return out;
}

absl::Status SetSurvey::Gather(PermittedWalk& walk, const MessageTypes& types,
                               const std::set<std::string>& schemas,
                               DateRule dates,
                               PayloadDeidentifier* deidentifier) {
  return walk.Visit([&](const WalkedConsumer& walked,
                        PermittedWalk::ReadRecords read) -> absl::Status {
    SetConsumer consumer;
    CoarseValues values;
    std::set<std::string> kinds;
    DeidentifiedCounts counts;  // Of no interest before the set is written.
    const auto take = [&](const v1::HealthRecord& record,
                          const RowFacts& facts) -> absl::Status {
      if (!schemas.empty() && schemas.count(facts.schema) == 0) {
        return absl::OkStatus();
      }
      SUBROSA_ASSIGN_OR_RETURN(
          const CoarseRecord coarse,
          Coarsen(record, types, dates, deidentifier, &counts, &values));
      consumer.id = walked.id;
      kinds.insert(
          absl::StrCat(facts.schema, " ", facts.categories, " ", facts.labels));
      types_[facts.schema].descriptor = coarse.payload->GetDescriptor();
      return absl::OkStatus();
    };
    // A single type need not have the others' records opened.
    const std::string only =
        schemas.size() == 1 ? *schemas.begin() : std::string();
    SUBROSA_RETURN_IF_ERROR(read(only, take));
    if (consumer.id.empty()) return absl::OkStatus();
    if (consumers_.size() >= kMostConsumers) {
      return absl::ResourceExhaustedError(
          absl::StrCat("set: want at most ", kMostConsumers,
                       " consumers, got more; name types to write of fewer"));
    }
    std::string kind;
    for (const std::string& each : kinds) absl::StrAppend(&kind, each, ";");
    consumer.group = groups_.Add(values, kind);
    consumers_.emplace(walked.key_id, std::move(consumer));
    return absl::OkStatus();
  });
}

SetConsumer* SetSurvey::Find(const KeyId& id) {
  const auto found = consumers_.find(id);
  return found == consumers_.end() ? nullptr : &found->second;
}

}  // namespace subrosa
