// A day of Rosewater in one run: a home is made in a temporary folder,
// exercises are kept, the officer looks at what is held, one consumer takes a
// copy and leaves. It prints what happens.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "docs/examples/service/breathing_log.h"
#include "rosewater/v1/breathing.pb.h"
#include "src/crypto/core_dumps.h"
#include "src/crypto/secret_buffer.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_plan.h"
#include "src/erasure/erasure_run.h"
#include "src/exports/copy.h"
#include "src/notice/inventory.h"
#include "src/notice/inventory_report.h"
#include "src/steward/background_writer.h"
#include "src/steward/home.h"
#include "src/steward/steward.h"

namespace rosewater {
namespace {

constexpr char kAmaranta[] = "amaranta@rosewater.example";
constexpr char kLuz[] = "luz@rosewater.example";
constexpr char kUrsula[] = "ursula@rosewater.example";

v1::BreathingExercise Exercise(const char* account, const char* id,
                               int64_t started_at, int64_t seconds) {
  v1::BreathingExercise exercise;
  exercise.set_account_id(account);
  exercise.set_exercise_id(id);
  exercise.mutable_started_at()->set_seconds(started_at);
  exercise.mutable_duration()->set_seconds(seconds);
  exercise.set_sound("rain");
  return exercise;
}

std::vector<v1::BreathingExercise> Exercises() {
  std::vector<v1::BreathingExercise> exercises = {
      Exercise(kAmaranta, "ex-1", 1767250800, 300),
      Exercise(kAmaranta, "ex-2", 1767337200, 240),
      Exercise(kLuz, "ex-1", 1767259000, 180),
  };
  exercises[0].set_pulse_before(96);
  exercises[0].set_pulse_after(71);
  exercises[0].set_what_brought_you("I could not stop thinking about work.");
  // Someone forgot the account.
  exercises.push_back(Exercise("", "ex-9", 1767260000, 60));
  return exercises;
}

// What Rosewater does with health data, and by which packs of law it goes. An
// entity's own stands in a file that its officer writes: see docs/policy.md.
constexpr char kPolicy[] = R"pb(
  entity: "rosewater"
  name: "Rosewater"
  contact_email: "privacy@rosewater.example"
  pack: "wa-mhmda"
  residence_unless_known: "US-WA"
  purpose {
    id: "stress-coaching"
    title: "Breathing exercises, and how they helped"
    action: ACTION_COLLECT
    action: ACTION_USE
    category: HEALTH_CATEGORY_CONDITIONS
    category: HEALTH_CATEGORY_INTERVENTIONS
    category: HEALTH_CATEGORY_BODILY_FUNCTIONS
    category: HEALTH_CATEGORY_SEEKING_SERVICES
    category: HEALTH_CATEGORY_INFERRED
    need: NEED_SERVICE
    need_reason: "the exercises that the consumer does with the app"
  }
)pb";

// Makes a home in `folder` and opens it. A real service is given its passphrase
// by its service manager, as a file; its home is made once, by `subrosa init`.
absl::StatusOr<std::unique_ptr<subrosa::Steward>> OpenNewHome(
    const std::string& folder, const std::string& passphrase_file) {
  const absl::StatusOr<subrosa::SecretBuffer> passphrase =
      subrosa::ReadSecretFile(passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  subrosa::NewHome home;
  home.entity = "rosewater";
  home.cost = subrosa::KeyringCost::kInteractive;
  home.policy = kPolicy;
  const absl::Status made =
      subrosa::CreateHome(folder, home, *passphrase, subrosa::SystemClock());
  if (!made.ok()) return made;
  return subrosa::Steward::Open(folder, *passphrase, {});
}

void Tell(absl::Span<const absl::Status> statuses) {
  for (const absl::Status& status : statuses) {
    std::printf("  %s\n",
                status.ok()
                    ? "kept"
                    : absl::StrCat("refused: ", status.message()).c_str());
  }
}

absl::Status Keep(BreathingLog& log) {
  const absl::StatusOr<std::vector<absl::Status>> statuses =
      log.Keep(Exercises());
  if (!statuses.ok()) return statuses.status();
  Tell(*statuses);
  return absl::OkStatus();
}

// Requests come on many threads; what comes at the same time shares a commit.
absl::Status KeepFromThreads(BreathingLog& log) {
  const absl::StatusOr<std::unique_ptr<subrosa::BackgroundWriter>> writer =
      log.steward().OpenWriter({});
  if (!writer.ok()) return writer.status();
  const auto request = [&writer](const v1::BreathingExercise& exercise,
                                 absl::Status* status) {
    absl::StatusOr<std::future<subrosa::PutResult>> result =
        (*writer)->Put(RecordOf(exercise));
    *status = result.ok() ? result->get().status : result.status();
  };
  const v1::BreathingExercise exercises[] = {
      Exercise(kLuz, "ex-2", 1767345400, 200),
      Exercise(kUrsula, "ex-1", 1767345400, 120),
  };
  absl::Status statuses[2];
  std::thread first(request, exercises[0], &statuses[0]);
  std::thread second(request, exercises[1], &statuses[1]);
  first.join();
  second.join();
  Tell(statuses);
  return absl::OkStatus();
}

absl::Status Run(const std::string& folder,
                 const std::string& passphrase_file) {
  absl::StatusOr<std::unique_ptr<subrosa::Steward>> steward =
      OpenNewHome(folder, passphrase_file);
  if (!steward.ok()) return steward.status();
  BreathingLog log(*std::move(steward));

  std::puts("Keep four exercises:");
  if (absl::Status kept = Keep(log); !kept.ok()) return kept;

  const absl::StatusOr<int64_t> seconds = log.SecondsOf(kAmaranta);
  if (!seconds.ok()) return seconds.status();
  std::printf("\nAmaranta has breathed for %d seconds.\n",
              static_cast<int>(*seconds));

  const absl::StatusOr<subrosa::Inventory> inventory =
      subrosa::TakeInventory(log.steward());
  if (!inventory.ok()) return inventory.status();
  std::printf("\nWhat is held:\n%s",
              subrosa::InventoryTable(*inventory).c_str());

  // The consumer's copy is theirs: it goes to them, never to a log.
  std::string copy;
  const absl::StatusOr<subrosa::CopySummary> copied =
      subrosa::WriteCopy(log.steward(), kAmaranta, subrosa::CopyFormat::kJson,
                         absl::Now(), [&copy](absl::string_view bytes) {
                           absl::StrAppend(&copy, bytes);
                           return absl::OkStatus();
                         });
  if (!copied.ok()) return copied.status();
  std::printf("\nAmaranta's copy: %d records as JSON.\n",
              static_cast<int>(copied->records));

  // Erased on the entity's own order: nobody's request is to be told of it.
  subrosa::ErasureOrder order;
  order.consumer = kAmaranta;
  order.times = {absl::Now(), absl::Now()};
  const absl::StatusOr<std::unique_ptr<subrosa::ErasureRun>> run =
      subrosa::ErasureRun::Open(log.steward());
  if (!run.ok()) return run.status();
  const absl::StatusOr<subrosa::ErasurePlan> plan =
      (*run)->planner().Plan(order);
  if (!plan.ok()) return plan.status();
  std::printf("\nErasing Amaranta would destroy a key and %d records.\n",
              static_cast<int>(plan->records));
  const auto ordered = (*run)->Order({order});
  if (!ordered.ok()) return ordered.status();
  if (!ordered->front().ok()) return ordered->front();
  if (const auto done = (*run)->Continue(); !done.ok()) return done.status();
  const absl::StatusOr<std::string> certificate =
      (*run)->Certificate(kAmaranta);
  if (!certificate.ok()) return certificate.status();
  // The rows, which nobody can open any more, go in the background; a program
  // that is about to end waits for it.
  const absl::StatusOr<int64_t> rows = log.steward().FinishErasures(nullptr);
  if (!rows.ok()) return rows.status();
  std::printf("Erased: the key is destroyed and %d rows are deleted.\n",
              static_cast<int>(*rows));

  std::printf("Asked again: %s\n",
              std::string(log.SecondsOf(kAmaranta).status().message()).c_str());
  std::printf("Her certificate has %d lines, and needs no network to check.\n",
              static_cast<int>(
                  std::count(certificate->begin(), certificate->end(), '\n')));
  // Washington's statute lets nothing be kept that would know her again: who
  // comes back is somebody new.
  std::puts("\nKeep the same four again:");
  if (absl::Status kept = Keep(log); !kept.ok()) return kept;

  std::puts("\nTwo requests at the same time:");
  return KeepFromThreads(log);
}

}  // namespace
}  // namespace rosewater

// Usage: breathing_service PASSPHRASE_FILE
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: breathing_service PASSPHRASE_FILE\n", stderr);
    return 2;
  }
  // A plaintext on its way through memory should reach no core file.
  if (!subrosa::DisableCoreDumps().ok()) {
    std::fputs("breathing_service: error: cannot disable core dumps\n", stderr);
    return 1;
  }
  const char* parent = getenv("TMPDIR");
  std::string folder =
      absl::StrCat(parent != nullptr ? parent : "/tmp", "/rosewater.XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) {
    std::fputs("breathing_service: error: no temporary folder\n", stderr);
    return 1;
  }
  const absl::Status status =
      rosewater::Run(absl::StrCat(folder, "/home"), argv[1]);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (status.ok()) return 0;
  std::fprintf(stderr, "breathing_service: error: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
