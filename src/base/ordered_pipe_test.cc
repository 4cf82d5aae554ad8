#include "src/base/ordered_pipe.h"

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/task_pool.h"

namespace subrosa {
namespace {

struct Numbered {
  int number = 0;
  std::string text;
};
using Pipe = OrderedPipe<Numbered>;

// Fills `count` batches, and then returns `status`.
auto Filling(int count, absl::Status status = absl::OkStatus()) {
  return [count, status](Pipe::Feed feed) -> absl::Status {
    for (int i = 0; i < count; ++i) {
      Numbered* const batch = feed.Begin();
      if (batch == nullptr) return absl::CancelledError("nothing is wanted");
      batch->number = i;
      feed.End();
    }
    return status;
  };
}

absl::Status PutInWords(size_t, Numbered* batch) {
  batch->text = absl::StrCat(batch->number, " ");
  return absl::OkStatus();
}

absl::Status Nothing(const Numbered&) { return absl::OkStatus(); }

TEST(OrderedPipeTest, BatchesComeOutInTheirOrderWorkedOn) {
  for (const size_t workers : {1, 2, 5}) {
    TaskPool pool(workers);
    std::string want;
    for (int i = 0; i < 5000; ++i) absl::StrAppend(&want, i, " ");
    std::string got;

    const absl::Status status =
        Pipe(&pool).Run(Filling(5000), PutInWords, [&](const Numbered& batch) {
          got += batch.text;
          return absl::OkStatus();
        });

    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(want, got);
  }
}

TEST(OrderedPipeTest, ABatchThatIsNeverHandedOnIsUsedByNobody) {
  TaskPool pool(2);
  int used = 0;

  const absl::Status status = Pipe(&pool).Run(
      [](Pipe::Feed feed) {
        feed.Begin()->number = 1;
        feed.End();
        feed.Begin()->number = 2;
        return absl::OkStatus();
      },
      PutInWords,
      [&](const Numbered& batch) {
        EXPECT_EQ(batch.number, 1);
        ++used;
        return absl::OkStatus();
      });

  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(used, 1);
}

TEST(OrderedPipeTest, AnErrorOfWhoUsesStopsWhoFills) {
  TaskPool pool(2);

  const absl::Status status =
      Pipe(&pool).Run(Filling(1 << 30), PutInWords, [](const Numbered&) {
        return absl::UnavailableError("disk: want room, got none");
      });

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST(OrderedPipeTest, TheFirstErrorInTheOrderIsTheAnswer) {
  TaskPool pool(3);
  std::atomic<int> worked{0};

  const absl::Status status = Pipe(&pool).Run(
      Filling(1 << 20, absl::InternalError("of who fills")),
      [&](size_t, Numbered* batch) {
        ++worked;
        return batch->number < 7
                   ? absl::OkStatus()
                   : absl::DataLossError(absl::StrCat("at ", batch->number));
      },
      Nothing);

  EXPECT_EQ(status.message(), "at 7");
  EXPECT_LT(worked, 100);
}

TEST(OrderedPipeTest, AnErrorOfWhoFillsIsTheAnswerOnceAllIsUsed) {
  TaskPool pool(2);
  int used = 0;

  const absl::Status status = Pipe(&pool).Run(
      Filling(70, absl::DataLossError("record: want one that opens")),
      PutInWords, [&](const Numbered&) {
        ++used;
        return absl::OkStatus();
      });

  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_EQ(used, 70);
}

}  // namespace
}  // namespace subrosa
