#include "tools/subrosa/erase_certified.h"

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_run.h"
#include "tools/subrosa/erasure_text.h"

namespace subrosa {
namespace {

absl::Status Run(ErasureRun& run, const std::string& consumer,
                 ErasureProgress* progress, std::string* certificate) {
  ErasureOrder order;
  order.consumer = consumer;
  order.times = {absl::Now(), absl::Now()};
  const absl::StatusOr<std::vector<absl::Status>> ordered = run.Order({order});
  if (!ordered.ok()) return ordered.status();
  if (!ordered->front().ok()) return ordered->front();
  absl::StatusOr<ErasureProgress> done = run.Continue();
  if (!done.ok()) return done.status();
  *progress = *done;
  absl::StatusOr<std::string> file = run.Certificate(consumer);
  if (!file.ok()) return file.status();
  *certificate = *std::move(file);
  return absl::OkStatus();
}

}  // namespace

ExitCode EraseCertified(Steward& steward, const std::string& consumer,
                        NewFile file, bool json, const Streams& streams) {
  const absl::StatusOr<std::unique_ptr<ErasureRun>> run =
      ErasureRun::Open(steward);
  if (!run.ok()) return Fail(run.status(), streams);
  ErasureProgress progress;
  std::string certificate;
  const absl::Status done = Run(**run, consumer, &progress, &certificate);
  if (!done.ok()) {
    std::fputs("What was begun goes on with `subrosa erasure continue`.\n",
               streams.err);
    return FailOrNo(done, streams);
  }
  const absl::StatusOr<int64_t> rows = steward.FinishErasures(nullptr);
  if (!rows.ok()) return Fail(rows.status(), streams);
  absl::Status written = file.Append(certificate);
  if (written.ok()) written = file.Publish();
  if (!written.ok()) {
    std::fputs(
        "The consumer is erased. `subrosa erasure certificate` writes the "
        "certificate again.\n",
        streams.err);
    return Fail(written, streams);
  }
  const absl::StatusOr<v1::StoredErasure> erasure = (*run)->Find(consumer);
  if (!erasure.ok()) return Fail(erasure.status(), streams);
  return Print(
      json ? ErasureJson(*erasure).dump() + "\n" : ErasureText(*erasure),
      streams);
}

}  // namespace subrosa
