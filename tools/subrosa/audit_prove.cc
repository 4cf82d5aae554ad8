#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/audit/leaf.h"
#include "src/audit/log_files.h"
#include "src/audit/log_reader.h"
#include "src/audit/receipt.h"
#include "src/audit/tlog_proof.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/leaf_text.h"
#include "tools/subrosa/log_arguments.h"

namespace subrosa {
namespace {

// The log at the cosigned checkpoint if that covers `index`: a witness's word
// is worth more than the newest size.
absl::StatusOr<LogReader> OpenFor(uint64_t index, const LogArguments& log,
                                  bool* is_cosigned) {
  absl::StatusOr<LogReader> cosigned =
      LogReader::Open(log.folder(), kCosignedFile, log.keys());
  *is_cosigned = cosigned.ok() && index < cosigned->checkpoint().size;
  return *is_cosigned ? std::move(cosigned) : log.Open();
}

absl::Status WriteNew(const std::string& path, absl::string_view content) {
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  SUBROSA_RETURN_IF_ERROR(file.Append(content));
  return file.Publish();
}

}  // namespace

ExitCode AuditProve(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  uint64_t index = 0;
  std::string out;
  CommandLine line(
      "audit prove",
      "Makes a receipt for one leaf: what it says, and the proof that it is "
      "in the log. It does not say whose it is. `subrosa verify` checks it.");
  line.AddNumber("index", &index, "Which leaf, from 0", Need::kRequired);
  line.AddOption("--out", &out, "File to make [standard output]");
  LogArguments log(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const absl::Status status = log.Check(); !status.ok()) {
    return UsageError("audit prove", std::string(status.message()), streams);
  }

  if (const absl::Status status = log.Read(); !status.ok()) {
    return Fail(status, streams);
  }
  bool is_cosigned = false;
  absl::StatusOr<LogReader> reader = OpenFor(index, log, &is_cosigned);
  if (!reader.ok()) return FailOrUnproven(reader.status(), streams);
  const absl::StatusOr<std::string> entry = reader->ReadEntry(index);
  if (!entry.ok()) return FailOrUnproven(entry.status(), streams);
  const absl::StatusOr<Leaf> leaf = ParseLeaf(*entry);
  if (!leaf.ok()) return FailOrUnproven(leaf.status(), streams);
  const absl::StatusOr<TlogProof> proof =
      reader->Prove(index, SerializeReceiptExtra({*entry, std::nullopt}));
  if (!proof.ok()) return Fail(proof.status(), streams);
  const std::string receipt = SerializeTlogProof(*proof);
  if (!out.empty()) {
    const absl::Status written = WriteNew(out, receipt);
    if (!written.ok()) return Fail(written, streams);
  }
  if (log.json()) {
    nlohmann::ordered_json json = {{"leaf", LeafJson(index, *leaf)},
                                   {"origin", reader->checkpoint().origin},
                                   {"size", reader->checkpoint().size},
                                   {"cosigned", is_cosigned}};
    if (out.empty()) {
      json["receipt"] = receipt;
    } else {
      json["output"] = out;
    }
    return Print(json.dump() + "\n", streams);
  }
  if (out.empty()) return Print(receipt, streams);
  return Print(absl::StrCat("Wrote the receipt of this leaf to ", out,
                            is_cosigned ? ", with a witness's cosignature:\n  "
                                        : ":\n  ",
                            LeafLine(index, *leaf), "\n"),
               streams);
}

}  // namespace subrosa
