#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/audit/log_survey.h"
#include "src/audit/merkle.h"
#include "src/audit/text_line.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/signed_note.h"
#include "src/steward/export_key.h"
#include "src/steward/home.h"
#include "src/steward/home_lease.h"
#include "src/store/connection.h"
#include "src/vault/lost_answers.h"
#include "src/vault/store_facts.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kRestoreText[] =
    "A restore of this home was begun and is not finished; until it is, the "
    "home does not\nopen: run `subrosa store restore` again, which finishes "
    "it.\n";

// How many answers about groups a restore lost, that nobody has settled;
// nothing where the record store does not say: it does not open, or is of an
// older version.
std::optional<int64_t> UnsettledAnswers(
    const absl::StatusOr<std::unique_ptr<Connection>>& records) {
  if (!records.ok()) return std::nullopt;
  const absl::StatusOr<LostAnswers> lost = ReadLostAnswers(**records);
  if (!lost.ok()) return std::nullopt;
  return lost->is_settled ? 0 : lost->answers;
}

std::string LostText(const std::optional<int64_t>& answers) {
  if (answers.value_or(0) == 0) return "";
  return absl::StrCat(
      "Since a restore the record store lacks aggregates that were answered: ",
      *answers,
      ".\nNothing new is answered until `subrosa export lost-answers` has "
      "settled it.\n");
}

bool IsAnnounced(const LogKey& key, const LogStatus& log) {
  return key.announced_by <= log.sequenced.keys;
}

bool IsHeld(const LogStatus& log, absl::Time now) {
  return !log.holder.empty() && log.expires_at > now;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

Json SizeOrNull(const std::optional<uint64_t>& size) {
  return size.has_value() ? Json(*size) : Json(nullptr);
}

// The vkey by which manifests of what was handed out are checked. Empty without
// the keyring, and where nothing was handed out yet. What cannot be read the
// survey tells.
std::string ExportVkey(const LogSurveyParts& parts) {
  if (parts.provider == nullptr || !parts.keys.ok()) return "";
  const absl::StatusOr<StoreFacts> facts = ReadStoreFacts(**parts.keys);
  if (!facts.ok()) return "";
  const absl::StatusOr<NoteKey> key =
      FindExportKey(*parts.provider, {facts->entity, facts->installation});
  return key.ok() ? key->ToString() : "";
}

std::string StatusJson(const LogSurvey& survey, const std::string& export_vkey,
                       bool is_restore_begun,
                       const std::optional<int64_t>& answers_lost,
                       absl::Time now) {
  const LogStatus& log = survey.log;
  Json keys = Json::array();
  for (const LogKey& key : survey.keys) {
    keys.push_back({{"number", key.number},
                    {"vkey", key.vkey},
                    {"announced", IsAnnounced(key, log)},
                    {"retired", key.retired}});
  }
  Json parts = Json::array();
  for (const SurveyedPart& part : survey.parts) {
    parts.push_back({{"part", LogPartName(part.part)},
                     {"standing", LogStandingName(part.standing)},
                     {"size", SizeOrNull(part.size)}});
  }
  Json disagreements = Json::array();
  for (const LogDisagreement& each : survey.disagreements) {
    disagreements.push_back({{"part", LogPartName(each.part)},
                             {"standing", LogStandingName(each.standing)},
                             {"reason", each.reason}});
  }
  const Json lease = {
      {"held", IsHeld(log, now)},
      {"until", IsHeld(log, now) ? Json(TimeText(log.expires_at)) : Json()}};
  const Json json = {
      {"agree", survey.agrees()},
      {"restore_begun", is_restore_begun},
      {"answers_lost", answers_lost.has_value() ? Json(*answers_lost) : Json()},
      {"origin", log.origin},
      {"size", log.size},
      {"root", WriteHash(log.root)},
      {"cosigned_size", SizeOrNull(survey.cosigned_size)},
      {"waiting",
       {{"keys", survey.keys_waiting}, {"records", survey.records_waiting}}},
      {"lease", lease},
      {"keys", keys},
      {"export_vkey", export_vkey.empty() ? Json() : Json(export_vkey)},
      {"parts", parts},
      {"disagreements", disagreements}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string StatusText(const LogSurvey& survey, const std::string& export_vkey,
                       absl::Time now) {
  const LogStatus& log = survey.log;
  std::string text;
  if (!log.origin.empty()) {
    absl::StrAppend(&text, "log      ", log.origin, "\nsize     ", log.size,
                    " leaves",
                    survey.cosigned_size.has_value()
                        ? absl::StrCat(", cosigned at ", *survey.cosigned_size)
                        : ", never cosigned",
                    "\nroot     ", WriteHash(log.root), "\n");
    for (const LogKey& key : survey.keys) {
      absl::StrAppend(&text, "key ", key.number, "    ", key.vkey,
                      key.retired              ? " (retired)"
                      : !IsAnnounced(key, log) ? " (not announced yet)"
                                               : "",
                      "\n");
    }
    if (!export_vkey.empty()) {
      absl::StrAppend(&text, "exports  ", export_vkey, "\n");
    }
    absl::StrAppend(
        &text, "waiting  ", survey.keys_waiting, " entries of keys.db, ",
        survey.records_waiting, " of records.db\nlease    ",
        IsHeld(log, now) ? absl::StrCat("held until ", TimeText(log.expires_at))
                         : "not held",
        "\n\n");
  }
  for (const SurveyedPart& part : survey.parts) {
    absl::StrAppend(
        &text,
        absl::StrFormat("%-11s %-8s %s\n", LogPartName(part.part),
                        LogStandingName(part.standing),
                        part.size.has_value()
                            ? absl::StrCat("knows ", *part.size, " leaves")
                            : "does not say"));
  }
  if (survey.agrees()) {
    return absl::StrCat(text, "\nAll that was read agrees.\n");
  }
  absl::StrAppend(&text, "\nThe parts disagree:\n");
  for (const LogDisagreement& each : survey.disagreements) {
    absl::StrAppend(&text, "  ", LogPartName(each.part), " (",
                    LogStandingName(each.standing), "): ", each.reason, "\n");
  }
  return text;
}

}  // namespace

ExitCode AuditStatus(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  CommandLine line(
      "audit status",
      "Says what each part of a home knows of the log, also of a home that "
      "refuses to open, and which part is behind or of another log; the exit "
      "code is then 3, as it is where a restore was stopped. Without a "
      "passphrase the keyring is left out, and with it the key that signs "
      "copies and sets. Changes nothing.");
  const HomeArguments arguments_of_home(&line, Need::kOptional);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const std::string folder = arguments_of_home.folder();
  std::unique_ptr<Keyring> keyring;
  if (arguments_of_home.has_passphrase()) {
    const absl::StatusOr<SecretBuffer> passphrase =
        arguments_of_home.ReadPassphrase();
    if (!passphrase.ok()) return Fail(passphrase.status(), streams);
    absl::StatusOr<std::unique_ptr<Keyring>> opened =
        Keyring::Open(KeyringOf(folder), *passphrase);
    if (!opened.ok()) return Fail(opened.status(), streams);
    keyring = *std::move(opened);
  }
  // Before the parts are read: a restore has them alone while it runs.
  const bool is_restore_begun = IsRestoreBegun(folder);
  LogSurveyParts parts;
  parts.keys = OpenKeyDatabase(folder);
  parts.records = OpenRecordDatabase(folder);
  parts.provider = keyring.get();
  parts.folder = LogFolderOf(folder);
  if (absl::IsNotFound(parts.keys.status()) &&
      absl::IsNotFound(parts.records.status())) {
    return Fail(
        absl::NotFoundError(absl::StrCat(folder, ": want a home, got none")),
        streams);
  }
  const std::optional<int64_t> answers_lost = UnsettledAnswers(parts.records);
  const LogSurvey survey = SurveyLog(parts);
  const std::string export_vkey = ExportVkey(parts);
  const absl::Time now = absl::Now();
  const ExitCode printed = Print(
      arguments_of_home.json()
          ? StatusJson(survey, export_vkey, is_restore_begun, answers_lost, now)
          : absl::StrCat(StatusText(survey, export_vkey, now),
                         LostText(answers_lost),
                         is_restore_begun ? kRestoreText : ""),
      streams);
  if (printed != ExitCode::kDone) return printed;
  return survey.agrees() && !is_restore_begun ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace subrosa
