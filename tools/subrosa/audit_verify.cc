#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "src/audit/checkpoint.h"
#include "src/audit/cosignatures.h"
#include "src/audit/leaf.h"
#include "src/audit/log_audit.h"
#include "src/audit/log_files.h"
#include "src/audit/log_survey.h"
#include "src/audit/text_line.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note.h"
#include "src/steward/home.h"
#include "src/vault/record_tally.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/leaf_text.h"
#include "tools/subrosa/log_arguments.h"
#include "tools/subrosa/progress.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// What was found of one log.
struct Verdict {
  Checkpoint checkpoint;
  bool by_given_keys = false;  // Else by those that the key store lists.
  LogAudit audit;
  std::optional<int64_t> rows;  // Of the record store, if they were compared.
};

absl::StatusOr<Checkpoint> ReadSince(const std::string& path,
                                     const LogArguments& log) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string note,
                           ReadFile(path, kNoteMaxBytes));
  absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(note, log.keys());
  if (!checkpoint.ok()) return Annotate(checkpoint.status(), path);
  return checkpoint;
}

// Adds what parts of the home say of one another, and of what is held.
void CompareHome(const std::string& home,
                 const absl::StatusOr<RecordTally>& tally, Verdict* verdict) {
  LogAudit& audit = verdict->audit;
  LogSurveyParts parts;
  parts.keys = OpenKeyDatabase(home);
  parts.records = OpenRecordDatabase(home);
  parts.folder = LogFolderOf(home);
  for (const LogDisagreement& each : SurveyLog(parts).disagreements) {
    audit.AddFault(absl::StrCat(LogPartName(each.part), " (",
                                LogStandingName(each.standing),
                                "): ", each.reason));
  }
  if (!tally.ok()) {
    audit.AddFault(std::string(tally.status().message()));
    return;
  }
  // A key store that is behind cannot say how many there should be.
  if (tally->log_size > verdict->checkpoint.size) return;
  verdict->rows = tally->rows;
  const int64_t want = audit.rows + tally->rows_waiting;
  if (tally->rows != want) {
    audit.AddFault(absl::StrCat("record store: want ", want,
                                " rows, as the log says, got ", tally->rows));
  }
}

struct VerifyOptions {
  std::string since;  // May be empty.
  std::vector<std::string> witnesses_given;
  std::vector<NoteKey> witnesses;
  bool repair = false;
};

// What is wrong with the cosignatures that were asked for.
absl::Status CheckCosigned(const absl::StatusOr<LogReader>& cosigned,
                           const std::vector<NoteKey>& witnesses) {
  if (witnesses.empty()) return absl::OkStatus();
  Note note;
  if (cosigned.ok()) {
    SUBROSA_ASSIGN_OR_RETURN(note, ParseNote(cosigned->note()));
  }
  absl::StatusOr<std::vector<SeenByWitness>> seen =
      VerifyCosignatures(note, witnesses);
  if (!seen.ok()) return Annotate(seen.status(), kCosignedFile);
  return Annotate(CheckSeenByAll(*seen, witnesses), kCosignedFile);
}

absl::StatusOr<Verdict> VerifyLog(const LogArguments& log,
                                  const VerifyOptions& asked,
                                  const Streams& streams) {
  Verdict verdict;
  verdict.by_given_keys = log.has_keys();
  // Counted first: what the log says of that instant stays true.
  absl::StatusOr<RecordTally> tally = absl::UnknownError("");
  if (log.is_home()) {
    absl::StatusOr<std::unique_ptr<Connection>> records =
        OpenRecordDatabase(log.home());
    tally = records.ok() ? CountRecords(**records)
                         : absl::StatusOr<RecordTally>(records.status());
    SUBROSA_ASSIGN_OR_RETURN(const HomeLog known, ReadHomeLog(log.home()));
    absl::StatusOr<Checkpoint> checkpoint =
        OpenCheckpoint(known.status.checkpoint, log.keys());
    if (!checkpoint.ok()) return Annotate(checkpoint.status(), "key store.log");
    verdict.checkpoint = *std::move(checkpoint);
  } else {
    SUBROSA_ASSIGN_OR_RETURN(const LogReader reader, log.Open());
    verdict.checkpoint = reader.checkpoint();
  }
  LogAuditOptions options;
  options.repair = asked.repair;
  options.rows_within = tally.ok() ? tally->log_size : 0;
  if (!asked.since.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(const Checkpoint earlier,
                             ReadSince(asked.since, log));
    options.earlier.push_back({asked.since, earlier});
  }
  const absl::StatusOr<LogReader> cosigned =
      LogReader::Open(log.folder(), kCosignedFile, log.keys());
  if (cosigned.ok()) {
    options.earlier.push_back(
        {std::string(kCosignedFile), cosigned->checkpoint()});
  }
  {
    Progress progress(streams);
    options.on_progress = [&](uint64_t entries) {
      progress.ShowPercent("leaves", entries, verdict.checkpoint.size);
    };
    SUBROSA_ASSIGN_OR_RETURN(
        verdict.audit, AuditLog(log.folder(), verdict.checkpoint, options));
  }
  if (!cosigned.ok() && !absl::IsNotFound(cosigned.status())) {
    verdict.audit.AddFault(std::string(cosigned.status().message()));
  }
  const absl::Status seen = CheckCosigned(cosigned, asked.witnesses);
  if (!seen.ok()) verdict.audit.AddFault(std::string(seen.message()));
  if (log.is_home()) CompareHome(log.home(), tally, &verdict);
  return verdict;
}

std::string VerdictJson(const Verdict& verdict) {
  const LogCheck& check = verdict.audit.check;
  Json leaves = Json::array();
  for (const auto& [kind, count] : verdict.audit.leaves) {
    leaves.push_back({{"kind", LeafKindSlug(kind)}, {"count", count}});
  }
  const Json json = {
      {"sound", check.ok()},
      {"origin", verdict.checkpoint.origin},
      {"size", verdict.checkpoint.size},
      {"root", WriteHash(verdict.checkpoint.root)},
      {"keys_from", verdict.by_given_keys ? "given" : "key-store"},
      {"leaves", leaves},
      {"rows", verdict.rows.has_value() ? Json(*verdict.rows) : Json()},
      {"fault_count", check.fault_count},
      {"faults", check.faults},
      {"repaired", check.repaired}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string VerdictText(const Verdict& verdict) {
  const LogCheck& check = verdict.audit.check;
  std::string text = absl::StrCat(
      "log   ", verdict.checkpoint.origin, "\nsize  ", verdict.checkpoint.size,
      " leaves\nroot  ", WriteHash(verdict.checkpoint.root), "\n\n");
  for (const auto& [kind, count] : verdict.audit.leaves) {
    absl::StrAppend(&text,
                    absl::StrFormat("  %-22s %d\n", LeafKindName(kind), count));
  }
  if (!check.repaired.empty()) {
    absl::StrAppend(&text, "\nRepaired:\n");
    for (const std::string& what : check.repaired) {
      absl::StrAppend(&text, "  ", what, "\n");
    }
  }
  if (!check.ok()) {
    absl::StrAppend(&text, "\n", check.fault_count, " faults:\n");
    for (const std::string& fault : check.faults) {
      absl::StrAppend(&text, "  ", fault, "\n");
    }
    return text;
  }
  absl::StrAppend(
      &text, "\nEvery entry and file is as it was signed, by a key ",
      verdict.by_given_keys ? "that was given.\n" : "that keys.db lists.\n");
  if (verdict.rows.has_value()) {
    absl::StrAppend(&text, "The record store holds ", *verdict.rows,
                    " rows, as the log says.\n");
  }
  return text;
}

}  // namespace

ExitCode AuditVerify(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  VerifyOptions asked;
  CommandLine line(
      "audit verify",
      "Checks a log: every entry and every file against the signed "
      "checkpoint; of a home also that its parts agree, and that the record "
      "store holds as many rows as the log says. The exit code is 3 if "
      "anything differs.");
  LogArguments log(&line);
  line.AddOption("--since", &asked.since,
                 "File with an earlier signed checkpoint, which the log has to "
                 "continue");
  line.AddOptions("--witness", &asked.witnesses_given,
                  "A witness's vkey, or a file of them: each has to have "
                  "cosigned the log");
  line.AddFlag("--repair", &asked.repair,
               "Make missing or wrong tiles of hashes anew out of the entries");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const absl::Status status = log.Check(); !status.ok()) {
    return UsageError("audit verify", std::string(status.message()), streams);
  }

  if (const absl::Status status = log.Read(); !status.ok()) {
    return Fail(status, streams);
  }
  absl::StatusOr<std::vector<NoteKey>> witnesses =
      ReadNoteKeys("--witness", asked.witnesses_given, kNoteTypeCosignature);
  if (!witnesses.ok()) return Fail(witnesses.status(), streams);
  asked.witnesses = *std::move(witnesses);
  const absl::StatusOr<Verdict> verdict = VerifyLog(log, asked, streams);
  if (!verdict.ok()) return FailOrUnproven(verdict.status(), streams);
  const ExitCode printed = Print(
      log.json() ? VerdictJson(*verdict) : VerdictText(*verdict), streams);
  if (printed != ExitCode::kDone || verdict->audit.check.ok()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
