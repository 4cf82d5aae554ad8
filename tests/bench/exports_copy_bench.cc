// Measures a consumer's copy from the store to its sealed archive against
// protobuf's MessageToJsonString over the same payloads, alone, on as many
// threads as there are processors; and what it takes of memory.
//
// usage: exports_copy_bench [--json]
// $SUBROSA_BENCH_RECORDS: of 1 KiB, a million unless told.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/on_all_processors.h"
#include "src/crypto/age_x25519.h"
#include "src/exports/copy_archive.h"
#include "src/exports/payload_text.h"
#include "src/exports/sealed_copy.h"
#include "src/ingest/message_types.h"
#include "src/steward/steward.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr uint64_t kAtOnce = 1000;
// Of which the baseline is told, again and again.
constexpr size_t kSampled = 20'000;

uint64_t RecordCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_RECORDS");
  return text == nullptr ? 1'000'000 : static_cast<uint64_t>(std::atoll(text));
}

void PutRecords(Vault& vault, uint64_t count) {
  for (uint64_t i = 0; i < count; i += kAtOnce) {
    SampleRecords batch;
    for (uint64_t j = i; j < std::min(i + kAtOnce, count); ++j) batch.Add(0, j);
    Require(vault.PutBatch(batch.Items()).status());
  }
}

// The most that was resident since ForgetMostMemory, in MB.
double MostMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    int64_t kilobytes = 0;
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.size() > 1 && words[0] == "VmHWM:" &&
        absl::SimpleAtoi(words[1], &kilobytes)) {
      return static_cast<double>(kilobytes) / 1000;
    }
  }
  return 0;
}
void ForgetMostMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

std::vector<std::unique_ptr<google::protobuf::Message>> Payloads(
    Steward& steward) {
  std::vector<std::unique_ptr<google::protobuf::Message>> payloads;
  const absl::Status read = steward.ScanForConsumer(
      SampleRecords::ConsumerOf(0),
      [&](const v1::HealthRecord& record, const RowFacts&) -> absl::Status {
        if (payloads.size() == kSampled) {
          return absl::OutOfRangeError("enough");
        }
        auto payload = ParsePayload(record, steward.types());
        Require(payload.status());
        payloads.push_back(std::move(*payload));
        return absl::OkStatus();
      });
  if (!absl::IsOutOfRange(read)) Require(read);
  return payloads;
}

// Seconds a record, by all processors together.
double BaselineSeconds(
    const std::vector<std::unique_ptr<google::protobuf::Message>>& payloads) {
  std::vector<double> rounds;
  for (int i = 0; i < 5; ++i) {
    rounds.push_back(SecondsOfOne([&] {
      std::vector<std::thread> threads;
      const size_t count = ProcessorCount();
      for (size_t thread = 0; thread < count; ++thread) {
        threads.emplace_back([&, thread] {
          std::string json;
          for (size_t j = thread; j < payloads.size(); j += count) {
            json.clear();
            if (!google::protobuf::util::MessageToJsonString(*payloads[j],
                                                             &json)
                     .ok()) {
              std::abort();
            }
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    }));
  }
  return Median(rounds) / static_cast<double>(payloads.size());
}

int Main(bool json) {
  const uint64_t count = RecordCount();
  const ScratchFolder folder;
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
  PutRecords(**steward->OpenUngatedVault(), count);
  const auto identity = X25519Identity::Generate();
  Require(identity.status());
  const auto recipient = identity->recipient();

  ForgetMostMemory();
  const double before = MostMemory();
  CopyTerms terms;
  terms.made_at = absl::Now();
  terms.sealed_to = "a key of this run";
  absl::StatusOr<SealedCopy> copy = absl::UnknownError("");
  const double seconds = SecondsOfOne([&] {
    copy = WriteSealedCopy(*steward, SampleRecords::ConsumerOf(0), terms,
                           recipient, folder / "copy.age");
  });
  Require(copy.status());
  const double memory = MostMemory() - before;
  uint64_t bytes = 0;
  for (const ArchiveMember& member : copy->archive.members) {
    bytes += member.bytes;
  }

  std::vector<Figure> figures(3);
  figures[0].name = absl::StrCat("a copy of ", count, " records, ",
                                 bytes / 1'000'000, " MB of files, sealed");
  figures[0].unit = "records/s";
  figures[0].value = static_cast<double>(count) / seconds;
  figures[0].baseline = "MessageToJsonString alone";
  figures[0].baseline_value = 1 / BaselineSeconds(Payloads(*steward));
  figures[0].ratio = figures[0].value / figures[0].baseline_value;
  figures[0].goal = Goal::kAtLeast;
  figures[0].bound = 0.25;
  figures[1].name = "growth of memory over it";
  figures[1].unit = "MB";
  figures[1].value = memory;
  figures[1].goal = Goal::kAtMost;
  figures[1].bound = 128;
  figures[2].name = "index.html";
  figures[2].unit = "MB";
  for (const ArchiveMember& member : copy->archive.members) {
    if (member.name != "index.html") continue;
    figures[2].value = static_cast<double>(member.bytes) / 1e6;
  }
  figures[2].goal = Goal::kAtMost;
  figures[2].bound = 2;
  return PrintFigures("exports", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: exports_copy_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
