#include "tools/subrosa/erasure_text.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "src/erasure/certificate_statement.h"
#include "src/erasure/stored_erasure.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

std::string StateOf(const v1::CertificateParty& party) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::PartyState_Name(party.state()), "PARTY_STATE_"));
}

bool WaitsForOfficer(const v1::StoredErasure& erasure) {
  return erasure.wants_second_officer() && erasure.confirmed_by().empty();
}

std::string StageOf(const v1::StoredErasure& erasure) {
  if (!erasure.keys_destroyed()) return "ordered";
  return erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL
             ? "final"
             : "interim";
}

using Json = nlohmann::ordered_json;

// What one that is not over waits for.
std::string WaitsFor(const v1::StoredErasure& erasure) {
  if (!erasure.part().empty()) return "part-for-officer";
  if (!erasure.keys_destroyed()) {
    if (!erasure.hold_rule().empty()) return "held";
    if (WaitsForOfficer(erasure)) return "for-officer";
    return erasure.not_before_day() > 0 ? "for-day" : "ordered";
  }
  if (HasOpenParty(erasure)) return "open";
  if (erasure.certificate().stage() != v1::CERTIFICATE_STAGE_FINAL) {
    return "interim";
  }
  return erasure.contact().empty() ? "open" : "to-hand-out";
}

// Whoever has not answered.
std::vector<std::string> OpenParties(const v1::StoredErasure& erasure) {
  std::vector<std::string> open;
  for (const v1::ErasureParty& party : erasure.party()) {
    if (IsOpen(party.party())) open.push_back(party.party().id());
  }
  return open;
}

// What may be any bytes, and null for none.
Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

nlohmann::ordered_json DateOrNull(int32_t day) {
  return day == 0 ? nlohmann::ordered_json()
                  : nlohmann::ordered_json(CertificateDate(day));
}

}  // namespace

std::string ErasureText(const v1::StoredErasure& erasure) {
  const v1::ErasureCertificate& certificate = erasure.certificate();
  if (!erasure.keys_destroyed()) {
    return absl::StrCat("Ordered, and not carried out yet.\n",
                        WaitText(erasure));
  }
  std::string text =
      absl::StrCat("Erased on ", CertificateDate(certificate.erased_day()),
                   ": the keys are destroyed.\nCertificate ",
                   absl::BytesToHexString(certificate.id()), ", issue ",
                   certificate.issue(), ", ", StageOf(erasure), ".\n");
  if (certificate.stage() != v1::CERTIFICATE_STAGE_FINAL) {
    absl::StrAppend(
        &text,
        certificate.backups_day() == 0
            ? "Backups of the keys are not closed: rotate the keys (`subrosa "
              "keys rotate`).\n"
            : absl::StrCat("Backups of the keys are closed from ",
                           CertificateDate(certificate.backups_day()),
                           " on, once the epoch is retired (`subrosa keys "
                           "retire`).\n"));
  }
  for (const v1::ErasureParty& party : erasure.party()) {
    const v1::CertificateParty& said = party.party();
    absl::StrAppend(&text, "  ", said.id(), ": ", StateOf(said));
    if (said.due_day() != 0) {
      absl::StrAppend(&text, ", due ", CertificateDate(said.due_day()));
    }
    if (IsOpen(said) && party.next_attempt() == 0) {
      absl::StrAppend(&text, "; to be told by an officer");
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string WaitText(const v1::StoredErasure& erasure) {
  std::string text;
  if (WaitsForOfficer(erasure)) {
    absl::StrAppend(&text,
                    "It waits until a second officer confirms it "
                    "(`subrosa erasure confirm`).\n");
  }
  if (!erasure.hold_rule().empty()) {
    absl::StrAppend(&text, "It is held until `subrosa erasure release`, by ",
                    erasure.hold_rule(), ".\n");
  }
  if (erasure.not_before_day() > 0) {
    absl::StrAppend(&text, "It is carried out from ",
                    CertificateDate(erasure.not_before_day()), " on.\n");
  }
  return text;
}

nlohmann::ordered_json ErasureJson(const v1::StoredErasure& erasure) {
  const v1::ErasureCertificate& certificate = erasure.certificate();
  nlohmann::ordered_json parties = nlohmann::ordered_json::array();
  for (const v1::ErasureParty& party : erasure.party()) {
    const v1::CertificateParty& said = party.party();
    parties.push_back(
        {{"id", said.id()},
         {"state", StateOf(said)},
         {"told", DateOrNull(said.told_day())},
         {"answered", DateOrNull(said.answered_day())},
         {"due", DateOrNull(said.due_day())},
         {"attempts", party.attempts()},
         {"by_officer", IsOpen(said) && party.next_attempt() == 0}});
  }
  return {
      {"stage", StageOf(erasure)},
      {"open", !erasure.keys_destroyed() || HasOpenParty(erasure)},
      {"erased", erasure.keys_destroyed() ? DateOrNull(certificate.erased_day())
                                          : nlohmann::ordered_json()},
      {"certificate", absl::BytesToHexString(certificate.id())},
      {"issue", certificate.issue()},
      {"backups_closed_from", DateOrNull(certificate.backups_day())},
      {"waits_for_officer", WaitsForOfficer(erasure)},
      {"held_by", TextOrNull(erasure.hold_rule())},
      {"not_before", DateOrNull(erasure.not_before_day())},
      {"parties", parties}};
}

std::string ErasureLineText(const v1::StoredErasure& erasure) {
  std::string line = absl::StrCat(
      WaitsFor(erasure), "\t",
      erasure.consumer().empty()
          ? absl::StrCat("certificate ",
                         absl::BytesToHexString(erasure.certificate().id()))
          : absl::Utf8SafeCHexEscape(erasure.consumer()));
  const std::vector<std::string> open = OpenParties(erasure);
  if (!open.empty()) {
    absl::StrAppend(&line, "\tnot answered: ", absl::StrJoin(open, ", "));
  }
  if (!erasure.hold_rule().empty()) {
    absl::StrAppend(&line, "\tby ", erasure.hold_rule());
  }
  if (!erasure.ordered_by().empty()) {
    absl::StrAppend(&line, "\tordered by ", erasure.ordered_by());
  }
  if (!erasure.keys_destroyed() && erasure.not_before_day() > 0) {
    absl::StrAppend(&line, "\tfrom ", CertificateDate(erasure.not_before_day()),
                    " on");
  }
  return absl::StrCat(line, "\n");
}

Json ErasureLineJson(const v1::StoredErasure& erasure) {
  return {{"waits_for", WaitsFor(erasure)},
          {"account", TextOrNull(erasure.consumer())},
          {"certificate",
           TextOrNull(absl::BytesToHexString(erasure.certificate().id()))},
          {"not_answered", OpenParties(erasure)},
          {"waits_for_officer",
           !erasure.part().empty() || WaitsForOfficer(erasure)},
          {"ordered_by", TextOrNull(erasure.ordered_by())},
          {"held_by", TextOrNull(erasure.hold_rule())},
          {"not_before", DateOrNull(erasure.not_before_day())}};
}

std::string HandedOutLine(const std::string& id, const std::string& path,
                          const std::string& contact, bool json) {
  if (!json) {
    return absl::StrCat(path, "\t", absl::Utf8SafeCHexEscape(contact), "\n");
  }
  const Json line = {{"certificate", id}, {"file", path}, {"contact", contact}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ProgressText(const ErasureProgress& progress) {
  std::string text = absl::StrCat(
      "Keys destroyed: ", progress.keys_destroyed,
      "\nParties told: ", progress.told,
      "\nCertificates issued: ", progress.issued, ", of them final ",
      progress.final, "\nErasures that are open: ", progress.open, "\n");
  if (progress.waiting > 0) {
    absl::StrAppend(&text,
                    "Ordered, and waiting for an officer, the end of a "
                    "hold or a day: ",
                    progress.waiting, "\n");
  }
  if (progress.handed_out > 0) {
    absl::StrAppend(
        &text, "Final certificates handed out: ", progress.handed_out, "\n");
  }
  if (progress.for_officer > 0) {
    absl::StrAppend(&text,
                    "Parts that wait for an officer, and final "
                    "certificates to hand out (--certificates): ",
                    progress.for_officer, "\n");
  }
  if (progress.told_elsewhere) {
    absl::StrAppend(&text,
                    "Another run tells parties now; this one told "
                    "none.\n");
  }
  if (!progress.why_silent.ok()) {
    absl::StrAppend(&text, "The last silence: ", progress.why_silent.message(),
                    "\n");
  }
  if (progress.requests_refused > 0) {
    absl::StrAppend(
        &text, "Requests that could not be told: ", progress.requests_refused,
        ", the last because: ", progress.why_refused.message(), "\n");
  }
  if (!progress.clock_doubt.ok()) {
    absl::StrAppend(&text, "Nothing was let go by its time: ",
                    progress.clock_doubt.message(), "\n");
  }
  return text;
}

std::string ProgressJson(const ErasureProgress& progress) {
  const auto reason = [](const absl::Status& status) {
    return status.ok() ? Json() : Json(std::string(status.message()));
  };
  const Json json = {{"keys_destroyed", progress.keys_destroyed},
                     {"told", progress.told},
                     {"issued", progress.issued},
                     {"final", progress.final},
                     {"open", progress.open},
                     {"waiting", progress.waiting},
                     {"why_silent", reason(progress.why_silent)},
                     {"for_officer", progress.for_officer},
                     {"handed_out", progress.handed_out},
                     {"told_elsewhere", progress.told_elsewhere},
                     {"requests_refused", progress.requests_refused},
                     {"why_refused", reason(progress.why_refused)},
                     {"clock_doubt", reason(progress.clock_doubt)}};
  return json.dump() + "\n";
}

}  // namespace subrosa
