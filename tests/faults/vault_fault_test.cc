// What a full disk, or one that fails, does to a home. Scripts of all that a
// vault does are run again and again: with each call that SQLite makes to the
// system failing in turn, of either database, once or from then on. After each
// run the home is opened on a sound disk and judged (vault_verdict.h).
#include <stdlib.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/vault/key_custody.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/faults/fault_vfs.h"
#include "tests/faults/vault_home.h"
#include "tests/faults/vault_model.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

const absl::Time kStart = absl::FromUnixSeconds(1782864000);

// One put: consumer, record, content.
struct Numbered {
  std::string consumer;
  std::string id;
  int64_t number = 0;
};

// Does things to a home and tells the model. What fails is tried once more, as
// one does; what fails twice ends the script.
class Script {
 public:
  Script(const std::string& folder, absl::Time now, VaultModel* model)
      : home_(folder, now), model_(*model) {}

  VaultHome& home() { return home_; }
  bool is_over() const { return is_over_; }
  // Failures that no disk gives a reason for.
  const std::vector<std::string>& strange() const { return strange_; }

  void Create() {
    Do("create", "", [&] { return Answer(home_.Create()); });
  }
  void Open() {
    Do("open", "", [&] { return Answer(home_.Open()); });
  }
  void Sequence() {
    Do("sequence", "", [&] { return Answer(home_.Sequence().status()); });
  }
  void Put(const std::vector<Numbered>& what) {
    std::string words;
    std::vector<v1::HealthRecord> records;
    for (const Numbered& each : what) {
      absl::StrAppend(&words, " ", each.consumer, " ", each.id, " ",
                      each.number);
      records.push_back(NumberedRecord(each.consumer, each.id, each.number));
    }
    Do("put", words, [&]() -> absl::StatusOr<std::string> {
      const auto outcomes = home_.Put(records);
      if (!outcomes.ok()) return outcomes.status();
      return absl::StrJoin(*outcomes, " ",
                           [](std::string* out, PutOutcome outcome) {
                             absl::StrAppend(out, PutOutcomeWord(outcome));
                           });
    });
  }
  // Done once a checkpoint says so.
  void Erase(const std::string& consumer) {
    Do("erase", consumer, [&]() -> absl::StatusOr<std::string> {
      const absl::Status erased = home_.vault().Erase(consumer).status();
      // An earlier try may have done it.
      if (!erased.ok() && !absl::IsNotFound(erased)) return erased;
      return Answer(home_.Sequence().status());
    });
  }
  // Of one record; what stays is resealed under the next version of the key.
  void ErasePart(const std::string& consumer, const std::string& id) {
    Do("part", absl::StrCat(consumer, " ", id),
       [&]() -> absl::StatusOr<std::string> {
         PartSelection selection;
         selection.source = "ios-app";
         selection.id = id;
         const absl::Status erased =
             home_.vault().Parts().Begin(consumer, selection).status();
         if (!erased.ok()) return erased;
         return Answer(home_.Sequence().status());
       });
  }
  void Reseal() {
    Do("reseal", "", [&]() -> absl::StatusOr<std::string> {
      return Answer(home_.vault().Parts().Continue(/*budget_rows=*/2).status());
    });
  }
  void DestroyVersions() {
    Do("destroy", "",
       [&] { return Answer(home_.vault().Parts().DestroyDue().status()); });
  }
  void Rotate() {
    Do("rotate", "", [&] {
      return Answer(home_.vault().Custody().Rotate(nullptr).status());
    });
  }
  void Retire() {
    Do("retire", "",
       [&] { return Answer(home_.vault().Custody().Retire().status()); });
  }
  void BackUp(const std::string& name) {
    Do("backup", name, [&] { return Answer(home_.BackUp(name)); });
  }
  void Restore(const std::string& name) {
    Do("restore", name + " both", [&] { return Answer(home_.Restore(name)); });
  }

 private:
  static absl::StatusOr<std::string> Answer(const absl::Status& status) {
    if (!status.ok()) return status;
    return std::string();
  }

  void Do(const std::string& operation, const std::string& words,
          const std::function<absl::StatusOr<std::string>()>& act) {
    for (int tries = 0; tries < 2 && !is_over_; ++tries) {
      model_.Apply(absl::StrCat("begin ", operation, " ", words));
      const absl::StatusOr<std::string> answer = act();
      if (answer.ok()) {
        model_.Apply(absl::StrCat("done ", operation, " ", *answer));
        return;
      }
      model_.Apply(absl::StrCat("failed ", operation));
      if (!absl::IsUnavailable(answer.status())) {
        strange_.push_back(
            absl::StrCat(operation, ": ", answer.status().ToString()));
      }
    }
    is_over_ = true;
  }

  VaultHome home_;
  VaultModel& model_;
  bool is_over_ = false;
  std::vector<std::string> strange_;
};

class VaultFaultTest : public testing::Test {
 protected:
  using Act = std::function<void(Script&)>;

  VaultFaultTest() {
    // Where a file costs no disk, if there is such a place.
    const std::string memory = "/dev/shm";
    std::string path =
        (fs::exists(memory) ? memory : testing::TempDir()) + "/faults-XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
    fs::create_directory(home_folder());
  }
  ~VaultFaultTest() override { fs::remove_all(folder_); }

  std::string home_folder() const { return folder_ + "/home"; }

  // What the home holds before each run: Ada and Bea with two records each, a
  // revision, all in the log.
  void PrepareHome() {
    Script script(home_folder(), kStart, &prepared_);
    script.Create();
    script.Open();
    script.Put({{"ada", "1", 1}, {"ada", "2", 2}, {"bea", "1", 3}});
    script.Put({{"ada", "1", 4}, {"bea", "2", 5}});
    script.Sequence();
    script.home().Close();
    ASSERT_FALSE(script.is_over());
    fs::copy(home_folder(), folder_ + "/prepared", fs::copy_options::recursive);
  }

  void PutHomeBack() {
    fs::remove_all(home_folder());
    if (fs::exists(folder_ + "/prepared")) {
      fs::copy(folder_ + "/prepared", home_folder(),
               fs::copy_options::recursive);
    } else {
      fs::create_directory(home_folder());
    }
  }

  // Lets each call fail in turn.
  void RunWithFaults(const Act& act) {
    int64_t runs = 0;
    for (const char* file : {"keys.db", "records.db"}) {
      for (const FaultKind kind :
           {FaultKind::kInputOutput, FaultKind::kDiskFull}) {
        for (const bool is_lasting : {false, true}) {
          FaultPlan plan;
          plan.kind = kind;
          plan.file = file;
          plan.is_lasting = is_lasting;
          do {
            ++plan.at;
            RunOnce(act, plan);
            if (faults_failed_ > 0) ++runs;
            if (HasFailure() && ++shown_ > 8) return;
          } while (faults_failed_ > 0);
          ASSERT_GT(plan.at, 1) << "no call was counted";
        }
      }
    }
    std::printf("%s: %lld faults\n",
                testing::UnitTest::GetInstance()->current_test_info()->name(),
                static_cast<long long>(runs));
  }

  void RunOnce(const Act& act, const FaultPlan& plan) {
    PutHomeBack();
    VaultModel model = prepared_;
    absl::Time now;
    std::vector<std::string> wrong;
    std::string first;
    {
      Script script(home_folder(), kStart + absl::Hours(1), &model);
      faults_.Arm(plan);
      act(script);
      script.home().Close();
      faults_failed_ = faults_.failed();
      first = faults_.first_failed();
      faults_.Disarm();
      wrong = script.strange();
      if (script.is_over() && !plan.is_lasting) {
        wrong.push_back("what failed once failed twice");
      }
      now = script.home().clock().Now() + absl::Hours(1);
    }
    for (std::string& each : Judge(now, &model)) {
      wrong.push_back(std::move(each));
    }
    EXPECT_TRUE(wrong.empty())
        << plan.file << ", call " << plan.at << " (" << first << ") "
        << (plan.kind == FaultKind::kDiskFull ? "finds the disk full" : "fails")
        << (plan.is_lasting ? ", and all after it" : "") << ":\n  "
        << absl::StrJoin(wrong, "\n  ");
  }

  // What is wrong with the home on a sound disk, as it is and after what was
  // begun is finished.
  std::vector<std::string> Judge(absl::Time now, VaultModel* model) {
    // Each time later, so that nobody has the sequencer's lease any more.
    const absl::Time later = now + absl::Minutes(1);
    const absl::Time last = now + absl::Minutes(2);
    if (!fs::exists(home_folder() + "/log/checkpoint")) {
      // A home that was not made can be made.
      Script again(home_folder(), now, model);
      again.Create();
      if (again.is_over()) return again.strange();
    }
    VaultHome home(home_folder(), now);
    if (model->pending() == "restore") {
      const absl::Status restored = home.Restore(model->pending_words().at(0));
      if (!restored.ok()) return {restored.ToString()};
      model->Apply("done restore");
    }
    std::vector<std::string> wrong = home.Judge(model);
    if (!wrong.empty() ||
        !(model->may_have_orphaned_object() || model->may_lack_object())) {
      return wrong;
    }
    Script finish(home_folder(), later, model);
    finish.Open();
    finish.Rotate();
    finish.Retire();
    finish.home().Close();
    if (finish.is_over()) return finish.strange();
    return VaultHome(home_folder(), last).Judge(model);
  }

  std::string folder_;
  FaultVfs faults_;
  VaultModel prepared_;
  int64_t faults_failed_ = 0;
  int shown_ = 0;
};

TEST_F(VaultFaultTest, AHomeIsMadeOrCanBeMadeAgain) {
  RunWithFaults([](Script& script) {
    script.Create();
    if (!script.is_over()) script.Open();
  });
}

TEST_F(VaultFaultTest, AnAcknowledgedRecordIsNotLostAndAFailedPutIsWholeOrNot) {
  PrepareHome();
  RunWithFaults([](Script& script) {
    script.Open();
    script.Put({{"ada", "1", 10}, {"cleo", "1", 11}});
    script.Sequence();
    script.Put({{"bea", "2", 12}, {"bea", "3", 13}});
    script.Sequence();
  });
}

TEST_F(VaultFaultTest, AnErasedConsumerStaysErasedAndTheOthersStay) {
  PrepareHome();
  RunWithFaults([](Script& script) {
    script.Open();
    script.Erase("ada");
    script.Put({{"ada", "1", 20}, {"bea", "1", 21}});
    script.Sequence();
  });
}

TEST_F(VaultFaultTest, AnErasedPartStaysErasedAndWhatStaysIsResealed) {
  PrepareHome();
  RunWithFaults([](Script& script) {
    script.Open();
    script.ErasePart("ada", "1");
    script.Reseal();
    script.Put({{"ada", "2", 50}, {"ada", "3", 51}});
    script.Reseal();
    script.Sequence();
    script.home().clock().Advance(absl::Hours(24 * 7));
    script.DestroyVersions();
    script.Sequence();
  });
}

TEST_F(VaultFaultTest, ARotationAndARetirementAreDoneOrCanBeFinished) {
  PrepareHome();
  RunWithFaults([](Script& script) {
    script.Open();
    script.Rotate();
    script.Sequence();
    script.Put({{"cleo", "1", 30}});
    script.home().clock().Advance(absl::Hours(24 * 7));
    script.Retire();
    script.Sequence();
  });
}

TEST_F(VaultFaultTest, ABackupAndARestoreAreDoneOrCanBeFinished) {
  PrepareHome();
  RunWithFaults([](Script& script) {
    script.Open();
    script.BackUp("copy");
    script.Put({{"cleo", "1", 40}, {"bea", "1", 41}});
    script.Erase("ada");
    script.home().Close();
    if (!script.is_over()) script.Restore("copy");
    script.Open();
    script.Put({{"ada", "1", 42}, {"bea", "2", 43}});
    script.Sequence();
  });
}

}  // namespace
}  // namespace subrosa
