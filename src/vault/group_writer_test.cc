#include "src/vault/group_writer.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/scratch_key_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A door before the record store's transactions, at which the writer can be
// held, told that the disk is full, or overtaken by somebody.
class Door {
 public:
  // The next transaction waits here until Open.
  void Shut() {
    const std::lock_guard<std::mutex> lock(mutex_);
    shut_ = true;
  }
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    shut_ = false;
    changed_.notify_all();
  }
  void AwaitSomebody() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return is_somebody_here_; });
  }
  // Is done once, ahead of the next transaction; an error takes its place.
  void Meanwhile(std::function<absl::Status()> what) {
    const std::lock_guard<std::mutex> lock(mutex_);
    meanwhile_ = std::move(what);
  }
  int commits() const { return commits_; }

  absl::Status Pass(const std::string& sql) {
    if (sql == "COMMIT") ++commits_;
    if (sql != "BEGIN IMMEDIATE") return absl::OkStatus();
    std::function<absl::Status()> meanwhile;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      is_somebody_here_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !shut_; });
      is_somebody_here_ = false;
      meanwhile = std::exchange(meanwhile_, nullptr);
    }
    return meanwhile ? meanwhile() : absl::OkStatus();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool shut_ = false;
  bool is_somebody_here_ = false;
  std::function<absl::Status()> meanwhile_;
  std::atomic<int> commits_ = 0;
};

v1::HealthRecord CheckIn(const std::string& consumer, const std::string& id,
                         const std::string& note) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  v1::MoodCheckIn check_in;
  check_in.set_note(note);
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

using Outcome = absl::StatusOr<PutOutcome>;

class GroupWriterTest : public testing::Test {
 protected:
  std::unique_ptr<Vault> OpenVault() {
    auto keys = OpenSqlite(scratch_.PathOf("keys"), {});
    auto records = OpenSqlite(scratch_.PathOf("records"), {});
    return std::move(Vault::Open(*std::move(keys),
                                 std::make_unique<WatchedConnection>(
                                     *std::move(records),
                                     [this](const std::string& sql) {
                                       return door_.Pass(sql);
                                     }),
                                 scratch_.provider(), scratch_.clock()))
        .value();
  }

  std::unique_ptr<GroupWriter> OpenWriter(
      const GroupWriterOptions& options = {}) {
    return std::move(GroupWriter::Create(OpenVault(), options)).value();
  }

  // Puts a record that must be taken.
  static std::future<Outcome> Put(GroupWriter& writer,
                                  v1::HealthRecord&& record) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> future = promise->get_future();
    const absl::Status taken = writer.Put(
        std::move(record), {1 << v1::HEALTH_CATEGORY_CONDITIONS},
        [promise](const Outcome& outcome) { promise->set_value(outcome); });
    EXPECT_TRUE(taken.ok()) << taken;
    return future;
  }
  static std::future<Outcome> Put(GroupWriter& writer,
                                  const std::string& consumer,
                                  const std::string& id,
                                  const std::string& note = "calm") {
    return Put(writer, CheckIn(consumer, id, note));
  }

  // Holds the writer at the door with a record of nobody else's in its hands.
  std::future<Outcome> HoldWith(GroupWriter& writer) {
    door_.Shut();
    std::future<Outcome> first = Put(writer, "first", "1");
    door_.AwaitSomebody();
    return first;
  }

  static PutOutcome OutcomeOf(std::future<Outcome> future) {
    const Outcome outcome = future.get();
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.value_or(PutOutcome::kErased);
  }

  static absl::Status Refusal(GroupWriter& writer, v1::HealthRecord&& record) {
    return writer.Put(std::move(record), {}, [](const Outcome&) {
      ADD_FAILURE() << "a record that was refused was put";
    });
  }

  std::string NoteOf(const std::string& consumer, const std::string& id) {
    const auto found = scratch_.vault().Get(consumer, "ios-app", id);
    if (!found.ok()) return found.status().ToString();
    v1::MoodCheckIn check_in;
    found->record.payload().UnpackTo(&check_in);
    return check_in.note();
  }

  ScratchVault scratch_;
  Door door_;
};

TEST_F(GroupWriterTest, ARecordIsHeldOnceItsOutcomeIsKnown) {
  const auto writer = OpenWriter();

  EXPECT_EQ(OutcomeOf(Put(*writer, "ada", "1")), PutOutcome::kAdded);

  EXPECT_EQ(NoteOf("ada", "1"), "calm");
}

TEST_F(GroupWriterTest, RecordsThatWaitShareOneCommitThatIsOrderedByConsumer) {
  const auto writer = OpenWriter();
  std::future<Outcome> first = HoldWith(*writer);
  std::vector<std::future<Outcome>> others;
  for (int i = 0; i < 30; ++i) {
    others.push_back(
        Put(*writer, absl::StrCat("c-", i % 3), absl::StrCat("r-", i)));
  }
  const int before = door_.commits();

  door_.Open();
  writer->Flush();

  EXPECT_EQ(door_.commits() - before, 2);
  EXPECT_EQ(scratch_.RowsHeld(), 31);
  EXPECT_EQ(scratch_.Number("records",
                            "SELECT count(*) FROM record a JOIN record b"
                            " ON b.row = a.row + 1"
                            " WHERE a.data_ref <> b.data_ref"),
            3);
}

TEST_F(GroupWriterTest, RevisionsOfARecordKeepTheOrderOfTheirArrival) {
  const auto writer = OpenWriter();
  std::future<Outcome> first = HoldWith(*writer);
  std::future<Outcome> calm = Put(*writer, "ada", "1", "calm");
  std::future<Outcome> other = Put(*writer, "abe", "1", "tired");
  std::future<Outcome> tense = Put(*writer, "ada", "1", "tense");

  door_.Open();

  EXPECT_EQ(OutcomeOf(std::move(calm)), PutOutcome::kAdded);
  EXPECT_EQ(OutcomeOf(std::move(tense)), PutOutcome::kRevised);
  EXPECT_EQ(OutcomeOf(std::move(other)), PutOutcome::kAdded);
  EXPECT_EQ(NoteOf("ada", "1"), "tense");
}

TEST_F(GroupWriterTest, ABatchTakesNoMoreThanItsBounds) {
  GroupWriterOptions options;
  options.max_batch_records = 10;
  const auto writer = OpenWriter(options);
  std::future<Outcome> first = HoldWith(*writer);
  for (int i = 0; i < 25; ++i) Put(*writer, "ada", absl::StrCat(i));
  const int before = door_.commits();

  door_.Open();
  writer->Flush();

  EXPECT_EQ(door_.commits() - before, 1 + 3);
}

TEST_F(GroupWriterTest, ABatchHoldsOneRecordHoweverLarge) {
  GroupWriterOptions options;
  options.max_batch_bytes = 1;
  const auto writer = OpenWriter(options);
  std::future<Outcome> first = HoldWith(*writer);
  for (int i = 0; i < 5; ++i) Put(*writer, "ada", absl::StrCat(i));
  const int before = door_.commits();

  door_.Open();
  writer->Flush();

  EXPECT_EQ(door_.commits() - before, 1 + 5);
}

TEST_F(GroupWriterTest, AFullWriterRefusesARecordAndLeavesItAsItWas) {
  GroupWriterOptions options;
  options.max_held_records = 2;
  options.patience = absl::ZeroDuration();
  const auto writer = OpenWriter(options);
  std::future<Outcome> first = HoldWith(*writer);
  std::future<Outcome> second = Put(*writer, "ada", "1");
  v1::HealthRecord record = CheckIn("ada", "2", "planted-value");

  const absl::Status refused = Refusal(*writer, std::move(record));

  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("planted-value")));
  // NOLINTNEXTLINE(bugprone-use-after-move): a refused record is not taken.
  EXPECT_EQ(record.id(), "2");
  door_.Open();
  EXPECT_EQ(OutcomeOf(std::move(second)), PutOutcome::kAdded);
  writer->Flush();
  EXPECT_EQ(OutcomeOf(Put(*writer, std::move(record))), PutOutcome::kAdded);
}

TEST_F(GroupWriterTest, RoomIsBoundedInBytesToo) {
  GroupWriterOptions options;
  options.max_held_bytes = 20000;
  options.patience = absl::ZeroDuration();
  const auto writer = OpenWriter(options);
  std::future<Outcome> first = HoldWith(*writer);
  std::future<Outcome> second =
      Put(*writer, "ada", "1", std::string(12000, 'x'));

  const absl::Status refused =
      Refusal(*writer, CheckIn("ada", "2", std::string(12000, 'x')));

  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  door_.Open();
  writer->Flush();
  EXPECT_EQ(OutcomeOf(Put(*writer, "ada", "2", std::string(12000, 'x'))),
            PutOutcome::kAdded);
}

TEST_F(GroupWriterTest, ARecordLargerThanAllRoomIsRefusedAtOnce) {
  GroupWriterOptions options;
  options.max_held_bytes = 20000;
  options.patience = kMaxWriterPatience;
  const auto writer = OpenWriter(options);

  const absl::Status refused =
      Refusal(*writer, CheckIn("ada", "1", std::string(30000, 'x')));

  EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
}

TEST_F(GroupWriterTest, APutThatWaitsIsTakenOnceThereIsRoom) {
  GroupWriterOptions options;
  options.max_held_records = 1;
  options.patience = kMaxWriterPatience;
  const auto writer = OpenWriter(options);
  std::future<Outcome> first = HoldWith(*writer);
  std::thread waiting([&] {
    EXPECT_EQ(OutcomeOf(Put(*writer, "ada", "1")), PutOutcome::kAdded);
  });

  door_.Open();
  waiting.join();

  EXPECT_EQ(scratch_.RowsHeld(), 2);
}

TEST_F(GroupWriterTest, ARecordThatCannotBeSealedFailsAlone) {
  GroupWriterOptions options;
  options.max_held_bytes = size_t{1} << 30;
  options.max_batch_bytes = size_t{1} << 30;
  const auto writer = OpenWriter(options);
  std::future<Outcome> first = HoldWith(*writer);
  std::vector<std::future<Outcome>> good;
  for (int i = 0; i < 4; ++i) {
    good.push_back(Put(*writer, "ada", absl::StrCat("a-", i)));
  }
  std::future<Outcome> bad =
      Put(*writer, "ada", "huge", std::string((size_t{64} << 20) + 1, 'x'));
  for (int i = 0; i < 4; ++i) {
    good.push_back(Put(*writer, "luz", absl::StrCat("l-", i)));
  }

  door_.Open();

  EXPECT_TRUE(absl::IsInvalidArgument(bad.get().status()));
  for (std::future<Outcome>& each : good) {
    EXPECT_EQ(OutcomeOf(std::move(each)), PutOutcome::kAdded);
  }
  EXPECT_EQ(scratch_.RowsHeld(), 9);
}

TEST_F(GroupWriterTest, AConsumerWhoseKeyIsDamagedFailsAlone) {
  scratch_.Put({"ada"}, "1", "calm");
  scratch_.Execute("keys", "UPDATE consumer_key SET wrapped = zeroblob(97)");
  const auto writer = OpenWriter();
  std::future<Outcome> first = HoldWith(*writer);
  std::future<Outcome> damaged = Put(*writer, "ada", "2");
  std::future<Outcome> good = Put(*writer, "luz", "1");

  door_.Open();

  EXPECT_TRUE(absl::IsDataLoss(damaged.get().status()));
  EXPECT_EQ(OutcomeOf(std::move(good)), PutOutcome::kAdded);
}

TEST_F(GroupWriterTest, AfterAFullDiskTheNextBatchIsPut) {
  const auto writer = OpenWriter();
  std::future<Outcome> first = HoldWith(*writer);
  door_.Meanwhile([] { return absl::UnavailableError("the disk is full"); });
  std::future<Outcome> second = Put(*writer, "ada", "1");

  door_.Open();

  EXPECT_TRUE(absl::IsUnavailable(first.get().status()));
  EXPECT_EQ(OutcomeOf(std::move(second)), PutOutcome::kAdded);
  EXPECT_EQ(scratch_.RowsHeld(), 1);
}

TEST_F(GroupWriterTest, AFullDiskFailsAllOfABatch) {
  const auto writer = OpenWriter();
  std::future<Outcome> first = HoldWith(*writer);
  std::future<Outcome> second = Put(*writer, "ada", "1");
  std::future<Outcome> third = Put(*writer, "luz", "1");
  door_.Meanwhile([this] {
    door_.Meanwhile([] { return absl::UnavailableError("the disk is full"); });
    return absl::OkStatus();
  });

  door_.Open();

  EXPECT_EQ(OutcomeOf(std::move(first)), PutOutcome::kAdded);
  EXPECT_TRUE(absl::IsUnavailable(second.get().status()));
  EXPECT_TRUE(absl::IsUnavailable(third.get().status()));
  EXPECT_EQ(scratch_.RowsHeld(), 1);
}

TEST_F(GroupWriterTest, ARecordOfSomeoneErasedWhileItWaitedIsNotHeld) {
  scratch_.Put({"ada"}, "1", "calm");
  const auto writer = OpenWriter();
  std::future<Outcome> first = HoldWith(*writer);
  std::future<Outcome> late = Put(*writer, "ada", "2");
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());

  door_.Open();

  EXPECT_EQ(OutcomeOf(std::move(late)), PutOutcome::kSuppressed);
  writer->Flush();
  EXPECT_EQ(scratch_.RowsHeld(), 1);
}

TEST_F(GroupWriterTest, ARecordOfSomeoneErasedWhileItIsPutIsTakenBack) {
  scratch_.Put({"ada"}, "1", "calm");
  const auto writer = OpenWriter();
  door_.Meanwhile([this] { return scratch_.vault().Erase("ada").status(); });

  EXPECT_EQ(OutcomeOf(Put(*writer, "ada", "2")), PutOutcome::kErased);

  EXPECT_EQ(scratch_.RowsHeld(), 0);
}

TEST_F(GroupWriterTest, TwoWritersOfOneVaultLoseNothing) {
  GroupWriterOptions options;
  options.max_held_records = 16;
  options.patience = kMaxWriterPatience;
  std::unique_ptr<GroupWriter> writers[] = {OpenWriter(options),
                                            OpenWriter(options)};
  std::vector<std::thread> services;
  std::atomic<int> added = 0;
  for (int service = 0; service < 4; ++service) {
    services.emplace_back([&, service] {
      for (int i = 0; i < 50; ++i) {
        const absl::Status taken = writers[service % 2]->Put(
            CheckIn(absl::StrCat("c-", i % 7), absl::StrCat(service, "-", i),
                    "calm"),
            {}, [&added](const Outcome& outcome) {
              if (outcome.ok() && *outcome == PutOutcome::kAdded) ++added;
            });
        EXPECT_TRUE(taken.ok()) << taken;
      }
    });
  }
  for (std::thread& service : services) service.join();

  for (auto& writer : writers) writer->Flush();

  EXPECT_EQ(added, 200);
  EXPECT_EQ(scratch_.RowsHeld(), 200);
}

TEST_F(GroupWriterTest, ClosingAFullWriterPutsWhatItHasAndSendsOthersAway) {
  GroupWriterOptions options;
  options.max_held_records = 3;
  options.patience = kMaxWriterPatience;
  const auto writer = OpenWriter(options);
  std::vector<std::future<Outcome>> taken;
  taken.push_back(HoldWith(*writer));
  taken.push_back(Put(*writer, "ada", "1"));
  taken.push_back(Put(*writer, "ada", "2"));
  std::thread late([&] {
    EXPECT_TRUE(absl::IsFailedPrecondition(
        Refusal(*writer, CheckIn("ada", "3", "calm"))));
  });
  std::thread closing([&] { writer->Close(); });
  // Nothing makes room before the door opens: who came late can only be sent
  // away.
  late.join();

  door_.Open();
  closing.join();

  for (std::future<Outcome>& each : taken) {
    EXPECT_EQ(OutcomeOf(std::move(each)), PutOutcome::kAdded);
  }
  EXPECT_EQ(scratch_.RowsHeld(), 3);
}

TEST_F(GroupWriterTest, WhatWaitsWhenAWriterGoesIsPut) {
  std::future<Outcome> second;
  {
    const auto writer = OpenWriter();
    std::future<Outcome> first = HoldWith(*writer);
    second = Put(*writer, "ada", "1");
    door_.Open();
  }

  EXPECT_EQ(OutcomeOf(std::move(second)), PutOutcome::kAdded);
}

TEST_F(GroupWriterTest, AClosedWriterTakesNothing) {
  const auto writer = OpenWriter();
  writer->Close();

  EXPECT_TRUE(absl::IsFailedPrecondition(
      Refusal(*writer, CheckIn("ada", "1", "calm"))));
  writer->Close();
}

TEST_F(GroupWriterTest, BoundsThatLetNothingThroughAreRefused) {
  GroupWriterOptions wrong[6];
  wrong[0].max_held_records = 0;
  wrong[1].max_held_bytes = 0;
  wrong[2].max_batch_records = 0;
  wrong[3].max_batch_bytes = 0;
  wrong[4].patience = -absl::Seconds(1);
  wrong[5].patience = absl::InfiniteDuration();

  for (const GroupWriterOptions& options : wrong) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        GroupWriter::Create(OpenVault(), options).status()));
  }
}

}  // namespace
}  // namespace subrosa
