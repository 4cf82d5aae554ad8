// Measures a consumer's copy from the store to its sealed archive against
// protobuf's MessageToJsonString over the same records, alone, on as many
// threads as there are processors: over their payloads, and over whole records.
// Beside it how fast the copy's files are packed alone, and what a copy takes
// of memory. Once of records whose text is one letter, and once of text as
// people write it, in which there is more to look at for what is withheld.
//
// usage: exports_copy_bench [--json]
// $SUBROSA_BENCH_RECORDS: of each kind; 450,000 unless told.
// $SUBROSA_BENCH_TEXT_BYTES: the text of each; 800 unless told, which makes a
// record of 1 KiB, and of 450,000 files of 1 GB. Of longer ones the first kind
// alone is measured: 80,000 of 65536 make a copy of 10 GB.
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/on_all_processors.h"
#include "src/crypto/age_x25519.h"
#include "src/exports/copy_archive.h"
#include "src/exports/deflate_pieces.h"
#include "src/exports/message_json.h"
#include "src/exports/payload_text.h"
#include "src/exports/sealed_copy.h"
#include "src/steward/steward.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_text.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr uint64_t kAtOnce = 1000;
// Of which the baseline is told, again and again.
constexpr size_t kSampled = 20'000;
constexpr size_t kMostSampledBytes = 64 << 20;
constexpr size_t kUsualTextBytes = 800;

// Whose records: of one letter, of a chat.
enum Kind : uint64_t { kPlain = 0, kChat = 1 };

uint64_t FromEnvironment(const char* name, uint64_t unless_told) {
  const char* const text = std::getenv(name);
  return text == nullptr ? unless_told
                         : static_cast<uint64_t>(std::atoll(text));
}

// Texts that do not begin again before 16 MB.
std::string ChatOf(const std::string& chat, uint64_t number) {
  size_t at = number * kUsualTextBytes % (chat.size() - 2 * kUsualTextBytes);
  const auto is_within = [&chat](size_t i) {
    return (static_cast<unsigned char>(chat[i]) & 0xC0) == 0x80;
  };
  while (is_within(at)) ++at;
  size_t end = at + kUsualTextBytes;
  while (is_within(end)) ++end;
  return chat.substr(at, end - at);
}

void PutRecords(Vault& vault, Kind kind, uint64_t count, uint64_t bytes) {
  const std::string chat = kind == kChat ? SampleChat(16 << 20) : "";
  const uint64_t at_once = bytes > kUsualTextBytes ? kAtOnce / 50 : kAtOnce;
  for (uint64_t i = 0; i < count; i += at_once) {
    SampleRecords batch;
    for (uint64_t j = i; j < std::min(i + at_once, count); ++j) {
      batch.AddText(kind, j,
                    kind == kChat ? ChatOf(chat, j)
                                  : absl::StrCat(j, std::string(bytes, 'n')));
    }
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

using Messages = std::vector<std::unique_ptr<google::protobuf::Message>>;

// The first records of `kind`: their payloads, and themselves.
std::pair<Messages, Messages> Sampled(Steward& steward, Kind kind) {
  Messages payloads;
  Messages records;
  size_t sampled_bytes = 0;
  const absl::Status read = steward.ScanForConsumer(
      SampleRecords::ConsumerOf(kind),
      [&](const v1::HealthRecord& record, const RowFacts&) -> absl::Status {
        if (payloads.size() == kSampled || sampled_bytes > kMostSampledBytes) {
          return absl::OutOfRangeError("enough");
        }
        sampled_bytes += record.payload().value().size();
        auto payload = ParsePayload(record, steward.types());
        Require(payload.status());
        payloads.push_back(std::move(*payload));
        records.push_back(std::make_unique<v1::HealthRecord>(record));
        return absl::OkStatus();
      });
  if (!absl::IsOutOfRange(read)) Require(read);
  return {std::move(payloads), std::move(records)};
}

// How often a second all processors together call `work`, which takes the
// number of a message and of a thread: the median of five rounds.
double RateOf(size_t count, const std::function<void(size_t, size_t)>& work) {
  std::vector<double> rounds;
  for (int i = 0; i < 5; ++i) {
    rounds.push_back(SecondsOfOne([&] {
      OnAllProcessors([&](size_t which, size_t of) {
        for (size_t j = which; j < count; j += of) work(j, which);
      });
    }));
  }
  return static_cast<double>(count) / Median(rounds);
}

double JsonRate(const Messages& messages) {
  std::vector<std::string> json(ProcessorCount());
  return RateOf(messages.size(), [&](size_t i, size_t thread) {
    json[thread].clear();
    if (!google::protobuf::util::MessageToJsonString(*messages[i],
                                                     &json[thread])
             .ok()) {
      std::abort();
    }
  });
}

// Bytes a second of what `messages` are as JSON, packed by all processors.
double PackingRate(const Messages& messages) {
  std::string json;
  for (const auto& message : messages) {
    Require(AppendMessageJson(*message, &json));
    if (json.size() > 64 * PieceDeflater::kPieceBytes) break;
  }
  std::vector<absl::string_view> pieces;
  constexpr size_t kPiece = PieceDeflater::kPieceBytes;
  for (size_t at = 0; at + kPiece <= json.size(); at += kPiece) {
    pieces.push_back(absl::string_view(json).substr(at, kPiece));
  }
  std::vector<PieceDeflater> deflaters(ProcessorCount());
  std::vector<std::string> packed(ProcessorCount());
  return RateOf(pieces.size(),
                [&](size_t i, size_t thread) {
                  Require(deflaters[thread].Pack(pieces[i], &packed[thread]));
                }) *
         static_cast<double>(kPiece);
}

struct MeasuredCopy {
  SealedCopy copy;
  double seconds = 0;
  double memory = 0;
  uint64_t bytes = 0;  // Of its files.
};

MeasuredCopy Measure(Steward& steward, Kind kind, const ScratchFolder& folder) {
  const auto identity = X25519Identity::Generate();
  Require(identity.status());
  const auto recipient = identity->recipient();
  CopyTerms terms;
  terms.made_at = absl::Now();
  terms.sealed_to = "a key of this run";
  // What was freed is not to hide what grows.
  malloc_trim(0);
  ForgetMostMemory();
  const double before = MostMemory();
  MeasuredCopy measured;
  const std::string path = folder / absl::StrCat("copy-", kind, ".age");
  measured.seconds = SecondsOfOne([&] {
    auto copy = WriteSealedCopy(steward, SampleRecords::ConsumerOf(kind), terms,
                                recipient, path);
    Require(copy.status());
    measured.copy = *std::move(copy);
  });
  measured.memory = MostMemory() - before;
  std::remove(path.c_str());
  for (const ArchiveMember& member : measured.copy.archive.members) {
    measured.bytes += member.bytes;
  }
  return measured;
}

void AddFigures(Steward& steward, Kind kind, const ScratchFolder& folder,
                std::vector<Figure>* figures) {
  const MeasuredCopy measured = Measure(steward, kind, folder);
  const auto [payloads, records] = Sampled(steward, kind);
  const std::string text = kind == kPlain ? "one letter" : "a chat";
  const auto count = static_cast<double>(measured.copy.archive.records);

  Figure speed;
  speed.name = absl::StrCat("a copy of ", measured.copy.archive.records,
                            " records, ", measured.bytes / 1'000'000,
                            " MB of files, of ", text, ", sealed");
  speed.unit = "records/s";
  speed.value = count / measured.seconds;
  speed.baseline = "MessageToJsonString of payloads alone";
  speed.baseline_value = JsonRate(payloads);
  speed.ratio = speed.value / speed.baseline_value;
  speed.goal = Goal::kAtLeast;
  speed.bound = 0.25;
  figures->push_back(speed);

  speed.name = "the same copy";
  speed.baseline = "MessageToJsonString of whole records";
  speed.baseline_value = JsonRate(records);
  speed.ratio = speed.value / speed.baseline_value;
  figures->push_back(speed);

  Figure packing;
  packing.name = "its files made, by their length";
  packing.unit = "MB/s";
  packing.value = static_cast<double>(measured.bytes) / measured.seconds / 1e6;
  packing.baseline = "packing alone";
  packing.baseline_value = PackingRate(records) / 1e6;
  packing.ratio = packing.value / packing.baseline_value;
  figures->push_back(packing);

  Figure memory;
  memory.name = "growth of memory over it";
  memory.unit = "MB";
  memory.value = measured.memory;
  memory.goal = Goal::kAtMost;
  memory.bound = 128;
  figures->push_back(memory);
}

int Main(bool json) {
  const uint64_t count = FromEnvironment("SUBROSA_BENCH_RECORDS", 450'000);
  const uint64_t bytes =
      FromEnvironment("SUBROSA_BENCH_TEXT_BYTES", kUsualTextBytes);
  const ScratchFolder folder;
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
  std::vector<Figure> figures;
  for (const Kind kind : {kPlain, kChat}) {
    if (kind == kChat && bytes > kUsualTextBytes) break;
    PutRecords(**steward->OpenUngatedVault(), kind, count, bytes);
    AddFigures(*steward, kind, folder, &figures);
  }
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
