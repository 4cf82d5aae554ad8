#include "src/exports/record_pipe.h"

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

v1::HealthRecord RecordCalled(const std::string& id, size_t bytes = 0) {
  v1::HealthRecord record;
  record.set_id(id);
  record.mutable_payload()->set_value(std::string(bytes, 'x'));
  return record;
}

// Gives `count` records, and then returns `status`.
auto Giving(int count, absl::Status status = absl::OkStatus()) {
  return [count, status](GivePiped give) -> absl::Status {
    for (int i = 0; i < count; ++i) {
      SUBROSA_RETURN_IF_ERROR(give(RecordCalled(absl::StrCat(i), 100), {}));
    }
    return status;
  };
}

// Writes the ids of a batch into one of its texts.
absl::Status WriteIds(size_t, CopyBatch* batch) {
  batch->fhir.clear();
  for (size_t i = 0; i < batch->size; ++i) {
    absl::StrAppend(&batch->fhir, batch->records[i].record.id(), " ");
  }
  return absl::OkStatus();
}

absl::Status Nothing(const CopyBatch&) { return absl::OkStatus(); }

TEST(RecordPipeTest, EveryRecordComesOutInItsOrderWorkedOn) {
  for (const size_t workers : {1, 2, 5}) {
    TaskPool pool(workers);
    std::string want;
    for (int i = 0; i < 10007; ++i) absl::StrAppend(&want, i, " ");
    std::string got;

    const absl::Status piped = PipeRecords(&pool, Giving(10007), WriteIds,
                                           [&](const CopyBatch& batch) {
                                             got += batch.fhir;
                                             return absl::OkStatus();
                                           });

    EXPECT_TRUE(piped.ok()) << piped;
    EXPECT_EQ(want, got);
  }
}

TEST(RecordPipeTest, ARecordThatIsLargerThanABatchComesOut) {
  TaskPool pool(2);
  size_t bytes = 0;

  const absl::Status piped = PipeRecords(
      &pool,
      [](GivePiped give) { return give(RecordCalled("large", 3 << 20), {}); },
      WriteIds,
      [&](const CopyBatch& batch) {
        bytes += batch.records[0].record.payload().value().size();
        return absl::OkStatus();
      });

  EXPECT_TRUE(piped.ok()) << piped;
  EXPECT_EQ(bytes, size_t{3} << 20);
}

TEST(RecordPipeTest, WhoUsesMayGiveThePoolMore) {
  TaskPool pool(1);
  std::atomic<int> done{0};
  int used = 0;

  const absl::Status piped =
      PipeRecords(&pool, Giving(10007), WriteIds, [&](const CopyBatch&) {
        ++used;
        pool.Submit([&done](size_t) { ++done; });
        return absl::OkStatus();
      });

  EXPECT_TRUE(piped.ok()) << piped;
  while (done < used) {
  }
  EXPECT_GT(used, 10);
}

TEST(RecordPipeTest, AnErrorOfWhoWritesStopsWhoReads) {
  TaskPool pool(2);
  absl::Status told;

  const absl::Status piped = PipeRecords(
      &pool,
      [&](GivePiped give) {
        told = Giving(1 << 30)(give);
        return told;
      },
      WriteIds,
      [](const CopyBatch&) {
        return absl::UnavailableError("disk: want room, got none");
      });

  EXPECT_TRUE(absl::IsUnavailable(piped)) << piped;
  EXPECT_TRUE(absl::IsCancelled(told)) << told;
}

TEST(RecordPipeTest, TheFirstErrorInTheRecordsOrderIsTheAnswer) {
  TaskPool pool(3);
  std::atomic<int> batches{0};

  const absl::Status piped = PipeRecords(
      &pool, Giving(1 << 20),
      [&](size_t, CopyBatch* batch) -> absl::Status {
        ++batches;
        const std::string& id = batch->records[0].record.id();
        return id == "0" ? absl::OkStatus()
                         : absl::DataLossError(absl::StrCat("at ", id));
      },
      Nothing);

  EXPECT_EQ("at 256", piped.message());
  EXPECT_LT(batches, 100);
}

TEST(RecordPipeTest, AnErrorOfWhoReadsIsTheAnswer) {
  TaskPool pool(2);

  const absl::Status piped = PipeRecords(
      &pool, Giving(70, absl::DataLossError("record: want one that opens")),
      WriteIds, Nothing);

  EXPECT_TRUE(absl::IsDataLoss(piped)) << piped;
}

TEST(RecordPipeTest, OfNothingNothingComesOut) {
  TaskPool pool(2);

  EXPECT_TRUE(PipeRecords(&pool, Giving(0), WriteIds, [](const CopyBatch&) {
                return absl::InternalError("none was given");
              }).ok());
}

}  // namespace
}  // namespace subrosa
