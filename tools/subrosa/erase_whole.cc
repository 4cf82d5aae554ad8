#include "tools/subrosa/erase_whole.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_plan.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/request_erasure.h"
#include "src/erasure/stored_erasure.h"
#include "subrosa/v1/erasure.pb.h"
#include "tools/subrosa/erase_part.h"
#include "tools/subrosa/erasure_text.h"
#include "tools/subrosa/plan_text.h"
#include "tools/subrosa/progress.h"

namespace subrosa {
namespace {

// What an officer of an erasure that was begun is told when it stops.
constexpr char kGoOn[] =
    "What was begun goes on with `subrosa erasure continue`.\n";

struct DoneErasure {
  v1::StoredErasure erasure;
  int64_t rows = 0;
};

// The files that an erasure is asked to leave behind, made before it begins: a
// name that is taken erases nobody.
struct ProofFiles {
  std::optional<NewFile> certificate;
  std::optional<NewFile> receipt;
};

absl::Status MakeFile(const std::string& path, std::optional<NewFile>* file) {
  if (path.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(NewFile made, NewFile::Create(path));
  file->emplace(std::move(made));
  return absl::OkStatus();
}

absl::Status Write(const std::string& content, NewFile& file) {
  SUBROSA_RETURN_IF_ERROR(file.Append(content));
  return file.Publish();
}

// What the request is answered with depends on who has answered.
std::string RequestNext(const WholeErasure& whole,
                        const v1::StoredErasure& erasure) {
  if (whole.request_ref.empty() || !erasure.keys_destroyed()) return "";
  const std::string ref = absl::BytesToHexString(whole.request_ref);
  return HasOpenParty(erasure)
             ? absl::StrCat("Request ", ref,
                            " waits for them: `subrosa erasure continue` asks "
                            "again.\n")
             : absl::StrCat(
                   "Everybody has answered: `subrosa request complete ", ref,
                   " --letter FILE` answers the request.\n");
}

// What is ordered, by the request if there is one.
absl::StatusOr<ErasureOrder> OrderOf(Steward& steward, RequestErasure& erasures,
                                     const WholeErasure& whole) {
  ErasureOrder order;
  if (whole.request_ref.empty()) {
    order.consumer = whole.consumer;
    order.times = {steward.clock().Now(), steward.clock().Now()};
  } else {
    SUBROSA_ASSIGN_OR_RETURN(order, erasures.OrderFor(whole.request_ref));
  }
  order.officer = whole.officer;
  order.hold = whole.hold;
  return order;
}

// Of somebody who is erased already nothing is left to plan.
absl::StatusOr<ErasurePlan> Plan(RequestErasure& erasures,
                                 const ErasureOrder& order) {
  absl::StatusOr<ErasurePlan> plan = erasures.run().planner().Plan(order);
  if (absl::IsNotFound(plan.status()) && !order.request_ref.empty() &&
      erasures.run().Find(order.consumer).ok()) {
    return ErasurePlan();
  }
  return plan;
}

absl::StatusOr<DoneErasure> Finish(Steward& steward, RequestErasure& erasures,
                                   const std::string& consumer,
                                   const Streams& streams) {
  SUBROSA_RETURN_IF_ERROR(erasures.Continue().status());
  DoneErasure done;
  SUBROSA_ASSIGN_OR_RETURN(done.erasure, erasures.run().Find(consumer));
  Progress progress(streams);
  SUBROSA_ASSIGN_OR_RETURN(
      done.rows, steward.FinishErasures([&](int64_t rows_so_far) {
        progress.Show(absl::StrCat("rows deleted: ", rows_so_far));
      }));
  progress.End();
  return done;
}

// Writes what is asked for of an erasure that is done, which can be had again
// at any time.
absl::Status WriteProofs(ErasureRun& run, const std::string& consumer,
                         ProofFiles& files) {
  if (files.certificate.has_value()) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string certificate,
                             run.Certificate(consumer));
    SUBROSA_RETURN_IF_ERROR(Write(certificate, *files.certificate));
  }
  if (files.receipt.has_value()) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string receipt, run.Receipt(consumer));
    SUBROSA_RETURN_IF_ERROR(Write(receipt, *files.receipt));
  }
  return absl::OkStatus();
}

// A request that cannot be erased for, and nobody who is held, are answers.
ExitCode Refuse(const absl::Status& status, const Streams& streams) {
  const ExitCode failed = Fail(status, streams);
  return absl::IsNotFound(status) || absl::IsFailedPrecondition(status)
             ? ExitCode::kNo
             : failed;
}

std::string DoneJson(const ErasurePlan& plan, const DoneErasure& done) {
  nlohmann::ordered_json json = PlanJson(plan, done.erasure.keys_destroyed());
  json["erasure"] = ErasureJson(done.erasure);
  return json.dump() + "\n";
}

}  // namespace

void AddWholeErasureArguments(CommandLine* line, WholeErasure* erasure) {
  line->AddOption("--certificate", &erasure->certificate_path,
                  "File to make with the certificate of the erasure, for the "
                  "consumer; it must not exist. `erasure certificate` writes "
                  "it later");
  line->AddOption("--officer", &erasure->officer,
                  "Who orders it, as a slug; where the policy wants two "
                  "officers, another one confirms it (`erasure confirm`)");
  line->AddFlag("--hold", &erasure->hold,
                "It waits, for legal claims, until `erasure release`; refused "
                "where a statute that applies does not allow it");
}

ExitCode EraseWhole(Steward& steward, const WholeErasure& whole,
                    const Streams& streams) {
  ProofFiles files;
  if (!whole.dry_run) {
    absl::Status made = MakeFile(whole.certificate_path, &files.certificate);
    if (made.ok()) made = MakeFile(whole.receipt_path, &files.receipt);
    if (!made.ok()) return Fail(made, streams);
  }
  const absl::StatusOr<std::unique_ptr<RequestErasure>> erasures =
      RequestErasure::Open(steward);
  if (!erasures.ok()) return Fail(erasures.status(), streams);
  const absl::StatusOr<ErasureOrder> order =
      OrderOf(steward, **erasures, whole);
  if (!order.ok()) return Refuse(order.status(), streams);
  const absl::StatusOr<ErasurePlan> plan = Plan(**erasures, *order);
  if (!plan.ok()) return Refuse(plan.status(), streams);
  if (whole.dry_run) {
    return Print(whole.json ? PlanJson(*plan, /*is_erased=*/false).dump() + "\n"
                            : absl::StrCat(PlanText(*plan),
                                           "Dry run: nothing was erased.\n"),
                 streams);
  }
  if (!whole.yes) {
    std::fputs(PlanText(*plan).c_str(), streams.err);
    if (!ConfirmConsumer(order->consumer, streams)) {
      std::fputs("subrosa: error: the ids differ; nothing was erased\n",
                 streams.err);
      return ExitCode::kNo;
    }
  }
  const absl::Status ordered = (*erasures)->Order(*order);
  if (!ordered.ok()) return Refuse(ordered, streams);
  const absl::StatusOr<DoneErasure> done =
      Finish(steward, **erasures, order->consumer, streams);
  if (!done.ok()) {
    const ExitCode failed = Fail(done.status(), streams);
    std::fputs(kGoOn, streams.err);
    return failed;
  }
  absl::Status written = absl::OkStatus();
  if (done->erasure.keys_destroyed()) {
    written = WriteProofs((*erasures)->run(), order->consumer, files);
  }
  const ExitCode printed =
      Print(whole.json ? DoneJson(*plan, *done)
                       : absl::StrCat(ErasureText(done->erasure),
                                      "Rows deleted: ", done->rows, "\n",
                                      RequestNext(whole, done->erasure)),
            streams);
  if (!written.ok()) {
    const ExitCode failed = Fail(written, streams);
    std::fputs(
        "The consumer is erased. `subrosa erasure certificate` writes the "
        "proof of it.\n",
        streams.err);
    return failed;
  }
  const bool is_open =
      !done->erasure.keys_destroyed() || HasOpenParty(done->erasure);
  return printed == ExitCode::kDone && is_open ? ExitCode::kNo : printed;
}

}  // namespace subrosa
