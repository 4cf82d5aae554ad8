#include <cstdio>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/exports/copy.h"
#include "src/steward/permitted_walk.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "tools/subrosa/self_test.h"
#include "tools/subrosa/self_test_record.h"

namespace subrosa {
namespace {

// A refusal is an answer; anything else that goes wrong is none.
absl::StatusOr<bool> Answer(const absl::Status& status) {
  if (status.ok()) return true;
  if (absl::IsPermissionDenied(status) || absl::IsNotFound(status) ||
      absl::IsFailedPrecondition(status)) {
    return false;
  }
  return status;
}

absl::StatusOr<bool> Put(Steward& steward, const SelfTestAttempt& attempt) {
  std::vector<v1::HealthRecord> records =
      SelfTestRecords(attempt.consumer, attempt.purpose, steward.clock().Now());
  std::vector<const v1::HealthRecord*> pointers;
  for (v1::HealthRecord& record : records) pointers.push_back(&record);
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<PutResult> results,
                           steward.Put(pointers));
  bool passed = false;
  for (const PutResult& result : results) passed = passed || result.status.ok();
  return passed;
}

absl::StatusOr<bool> Get(Steward& steward, const SelfTestAttempt& attempt) {
  bool passed = false;
  for (const v1::HealthRecord& record : SelfTestRecords(
           attempt.consumer, attempt.purpose, steward.clock().Now())) {
    SUBROSA_ASSIGN_OR_RETURN(const bool one,
                             Answer(steward
                                        .Get(attempt.purpose, attempt.consumer,
                                             record.source(), record.id())
                                        .status()));
    passed = passed || one;
  }
  return passed;
}

absl::StatusOr<bool> Scan(Steward& steward, const SelfTestAttempt& attempt) {
  int64_t seen = 0;
  SUBROSA_RETURN_IF_ERROR(
      Answer(steward
                 .Scan(attempt.purpose, attempt.consumer,
                       [&seen](const v1::HealthRecord&, const RowFacts&) {
                         ++seen;
                         return absl::OkStatus();
                       })
                 .status())
          .status());
  return seen > 0;
}

absl::StatusOr<bool> Find(Steward& steward, const SelfTestAttempt& attempt) {
  int64_t seen = 0;
  SUBROSA_RETURN_IF_ERROR(
      Answer(steward
                 .Find(attempt.purpose, kSelfTestSchema, kSelfTestField,
                       attempt.consumer,
                       [&seen](const v1::HealthRecord&, const RowFacts&) {
                         ++seen;
                         return absl::OkStatus();
                       })
                 .status())
          .status());
  return seen > 0;
}

// What de-identified sets and aggregates read, of whom.
absl::StatusOr<bool> ReadForSet(Steward& steward,
                                const SelfTestAttempt& attempt) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<PermittedWalk> walk,
      PermittedWalk::Open(steward, v1::ACTION_SHARE, attempt.purpose,
                          attempt.recipient));
  int64_t seen = 0;
  SUBROSA_RETURN_IF_ERROR(walk->Visit(
      [&](const WalkedConsumer& consumer, PermittedWalk::ReadRecords read) {
        return read("", [&](const v1::HealthRecord&, const RowFacts&) {
          seen += consumer.id == attempt.consumer ? 1 : 0;
          return absl::OkStatus();
        });
      }));
  return seen > 0;
}

absl::StatusOr<bool> Share(SelfTestHome& home, Sharing& sharing,
                           const SelfTestAttempt& attempt) {
  const std::string path = home.NewPath();
  const absl::StatusOr<SharePlan> given = sharing.Grant(
      {attempt.consumer, attempt.recipient, attempt.purpose, 0}, path);
  std::remove(path.c_str());
  return Answer(given.status());
}

absl::StatusOr<bool> Declare(Steward& steward, Sharing& sharing,
                             const SelfTestAttempt& attempt) {
  v1::Disclosure entry;
  entry.set_consumer(attempt.consumer);
  entry.set_recipient(attempt.recipient);
  entry.set_purpose(attempt.purpose);
  entry.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
  entry.mutable_at()->set_seconds(absl::ToUnixSeconds(steward.clock().Now()));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<DeclaredResult> results,
                           sharing.Declare({entry}, DeclareMode::kRecord));
  const DeclaredResult& result = results.front();
  return Answer(result.entry.status.ok() ? result.decision
                                         : result.entry.status);
}

absl::StatusOr<bool> Copy(Steward& steward, const SelfTestAttempt& attempt) {
  const absl::StatusOr<CopySummary> copied = WriteCopy(
      steward, attempt.consumer, CopyFormat::kJson, steward.clock().Now(),
      [](absl::string_view) { return absl::OkStatus(); });
  return Answer(copied.status());
}

}  // namespace

absl::StatusOr<std::vector<SelfTestSink>> SinksOf(SelfTestHome& home) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Sharing> opened,
                           home.steward().OpenSharing());
  const std::shared_ptr<Sharing> sharing = std::move(opened);
  Steward* const steward = &home.steward();
  const auto by_steward = [steward](absl::StatusOr<bool> (*passes)(
                              Steward&, const SelfTestAttempt&)) {
    return [steward, passes](const SelfTestAttempt& attempt) {
      return passes(*steward, attempt);
    };
  };
  return std::vector<SelfTestSink>{
      {kPutSink, false, true, by_steward(Put)},
      {kGetSink, false, false, by_steward(Get)},
      {"scan", false, false, by_steward(Scan)},
      {"find", false, false, by_steward(Find)},
      {"set", true, false, by_steward(ReadForSet)},
      {"share", true, false,
       [&home, sharing](const SelfTestAttempt& attempt) {
         return Share(home, *sharing, attempt);
       }},
      {kDeclareSink, true, true,
       [steward, sharing](const SelfTestAttempt& attempt) {
         return Declare(*steward, *sharing, attempt);
       }},
      {kCopySink, false, false, by_steward(Copy)}};
}

}  // namespace subrosa
