#include "tools/subrosa/certificate_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/erasure/certificate_statement.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

std::string SeenText(const SeenByWitness& witness) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", witness.at,
                          absl::UTCTimeZone());
}

nlohmann::ordered_json DateOrNull(int32_t day) {
  return day == 0 ? nlohmann::ordered_json()
                  : nlohmann::ordered_json(CertificateDate(day));
}

// "PARTY_STATE_DONE" is "done".
std::string Slug(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

nlohmann::ordered_json PartyJson(const v1::CertificateParty& party) {
  return {{"kind", Slug(v1::PartyKind_Name(party.kind()), "PARTY_KIND_")},
          {"id", party.id()},
          {"state", Slug(v1::PartyState_Name(party.state()), "PARTY_STATE_")},
          {"told", DateOrNull(party.told_day())},
          {"answered", DateOrNull(party.answered_day())},
          {"due", DateOrNull(party.due_day())}};
}

}  // namespace

std::string CertificateText(const VerifiedCertificate& verified,
                            bool is_about) {
  const bool is_final =
      verified.certificate.stage() == v1::CERTIFICATE_STAGE_FINAL;
  std::string text = absl::StrCat(
      "This certificate is good, and ",
      is_final ? "final.\n" : "interim: a final one is still to come.\n",
      "\nWhom it is about\n  ",
      is_about ? "The account id that you gave.\n"
               : "One consumer. You gave no account id to compare with.\n",
      "\nWhere it stands\n  In the log ", verified.checkpoint.origin,
      ", as leaf ", verified.index, " of ", verified.checkpoint.size,
      " (counted from 0), signed by its key;\n  the erasure is leaf ",
      verified.erased_index, ".\n");
  for (const SeenByWitness& witness : verified.witnesses) {
    absl::StrAppend(&text, "  The witness ", witness.name,
                    " saw the log so at ", SeenText(witness), ".\n");
  }
  if (verified.witnesses.empty()) {
    absl::StrAppend(&text,
                    "  That everyone is shown the same log is not proven: no "
                    "witness that you named\n  has seen it.\n");
  }
  absl::StrAppend(&text, "\nWhat it says\n\n", verified.statement);
  return text;
}

std::string CertificateJson(const VerifiedCertificate& verified,
                            bool is_about) {
  const v1::ErasureCertificate& certificate = verified.certificate;
  nlohmann::ordered_json witnesses = nlohmann::ordered_json::array();
  for (const SeenByWitness& witness : verified.witnesses) {
    witnesses.push_back({{"name", witness.name}, {"at", SeenText(witness)}});
  }
  nlohmann::ordered_json parties = nlohmann::ordered_json::array();
  for (const v1::CertificateParty& party : certificate.party()) {
    parties.push_back(PartyJson(party));
  }
  nlohmann::ordered_json limits = nlohmann::ordered_json::array();
  for (const v1::CertificateLimit& limit : certificate.limit()) {
    limits.push_back({{"date", CertificateDate(limit.day())},
                      {"rule", limit.rule()},
                      {"citation", limit.citation()}});
  }
  nlohmann::ordered_json kept = nlohmann::ordered_json::array();
  for (const v1::CertificateKept& item : certificate.kept()) {
    kept.push_back({{"what", item.what()},
                    {"until", DateOrNull(item.until_day())},
                    {"rule", item.rule()},
                    {"citation", item.citation()}});
  }
  const nlohmann::ordered_json json = {
      {"proven", true},
      {"certificate", absl::BytesToHexString(certificate.id())},
      {"issue", certificate.issue()},
      {"stage", Slug(v1::CertificateStage_Name(certificate.stage()),
                     "CERTIFICATE_STAGE_")},
      {"issued", CertificateDate(certificate.issued_day())},
      {"entity", certificate.entity()},
      {"requested", DateOrNull(certificate.requested_day())},
      {"erased", CertificateDate(certificate.erased_day())},
      {"epochs", std::vector<uint32_t>(certificate.epoch().begin(),
                                       certificate.epoch().end())},
      {"assurance",
       absl::StripPrefix(v1::CertificateAssurance_Name(certificate.assurance()),
                         "CERTIFICATE_ASSURANCE_")},
      {"backups_closed_from", DateOrNull(certificate.backups_day())},
      {"limits", limits},
      {"parties", parties},
      {"kept", kept},
      {"origin", verified.checkpoint.origin},
      {"size", verified.checkpoint.size},
      {"index", verified.index},
      {"erased_index", verified.erased_index},
      {"witnesses", witnesses},
      {"about_consumer",
       is_about ? nlohmann::ordered_json(true) : nlohmann::ordered_json()}};
  return json.dump() + "\n";
}

}  // namespace subrosa
