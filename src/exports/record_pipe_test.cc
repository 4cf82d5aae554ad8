#include "src/exports/record_pipe.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

PipedRecord RecordCalled(const std::string& id, size_t bytes = 0) {
  PipedRecord piped;
  piped.record.set_id(id);
  piped.record.mutable_payload()->set_value(std::string(bytes, 'x'));
  return piped;
}

// Gives `count` records, and then returns `status`.
auto Giving(int count, absl::Status status = absl::OkStatus()) {
  return [count, status](GivePiped give) -> absl::Status {
    for (int i = 0; i < count; ++i) {
      SUBROSA_RETURN_IF_ERROR(give(RecordCalled(absl::StrCat(i), 100)));
    }
    return status;
  };
}

TEST(RecordPipeTest, EveryRecordComesOutInItsOrder) {
  int next = 0;

  const absl::Status piped =
      PipeRecords(Giving(10007), [&](const PipedRecord& record) {
        EXPECT_EQ(record.record.id(), absl::StrCat(next++));
        return absl::OkStatus();
      });

  EXPECT_TRUE(piped.ok()) << piped;
  EXPECT_EQ(next, 10007);
}

TEST(RecordPipeTest, ARecordThatIsLargerThanABatchComesOut) {
  size_t bytes = 0;

  const absl::Status piped = PipeRecords(
      [](GivePiped give) { return give(RecordCalled("large", 3 << 20)); },
      [&](const PipedRecord& record) {
        bytes += record.record.payload().value().size();
        return absl::OkStatus();
      });

  EXPECT_TRUE(piped.ok()) << piped;
  EXPECT_EQ(bytes, size_t{3} << 20);
}

TEST(RecordPipeTest, AnErrorOfWhoWritesStopsWhoReads) {
  absl::Status told;

  const absl::Status piped = PipeRecords(
      [&](GivePiped give) {
        told = Giving(1 << 30)(give);
        return told;
      },
      [](const PipedRecord&) {
        return absl::UnavailableError("disk: want room, got none");
      });

  EXPECT_TRUE(absl::IsUnavailable(piped)) << piped;
  EXPECT_TRUE(absl::IsCancelled(told)) << told;
}

TEST(RecordPipeTest, AnErrorOfWhoReadsIsTheAnswer) {
  const absl::Status piped = PipeRecords(
      Giving(70, absl::DataLossError("record: want one that opens")),
      [](const PipedRecord&) { return absl::OkStatus(); });

  EXPECT_TRUE(absl::IsDataLoss(piped)) << piped;
}

TEST(RecordPipeTest, OfNothingNothingComesOut) {
  EXPECT_TRUE(PipeRecords(Giving(0), [](const PipedRecord&) {
                return absl::InternalError("none was given");
              }).ok());
}

}  // namespace
}  // namespace subrosa
