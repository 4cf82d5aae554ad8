#include "tools/subrosa/erasure_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
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

std::string StageOf(const v1::StoredErasure& erasure) {
  if (!erasure.keys_destroyed()) return "ordered";
  return erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL
             ? "final"
             : "interim";
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
  if (erasure.wants_second_officer() && erasure.confirmed_by().empty()) {
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
      {"waits_for_officer",
       erasure.wants_second_officer() && erasure.confirmed_by().empty()},
      {"held_by", erasure.hold_rule().empty()
                      ? nlohmann::ordered_json()
                      : nlohmann::ordered_json(erasure.hold_rule())},
      {"not_before", DateOrNull(erasure.not_before_day())},
      {"parties", parties}};
}

std::string ProgressText(const ErasureProgress& progress) {
  std::string text = absl::StrCat(
      "Keys destroyed: ", progress.keys_destroyed,
      "\nParties told: ", progress.told,
      "\nCertificates issued: ", progress.issued, ", of them final ",
      progress.final, "\nErasures that are open: ", progress.open, "\n");
  if (!progress.why_silent.ok()) {
    absl::StrAppend(&text, "The last silence: ", progress.why_silent.message(),
                    "\n");
  }
  return text;
}

std::string ProgressJson(const ErasureProgress& progress) {
  const nlohmann::ordered_json json = {
      {"keys_destroyed", progress.keys_destroyed},
      {"told", progress.told},
      {"issued", progress.issued},
      {"final", progress.final},
      {"open", progress.open},
      {"waiting", progress.waiting},
      {"why_silent", progress.why_silent.ok()
                         ? nlohmann::ordered_json()
                         : nlohmann::ordered_json(
                               std::string(progress.why_silent.message()))}};
  return json.dump() + "\n";
}

}  // namespace subrosa
