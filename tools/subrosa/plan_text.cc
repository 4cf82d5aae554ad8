#include "tools/subrosa/plan_text.h"

#include "absl/strings/str_cat.h"
#include "src/erasure/certificate_statement.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/erasure.pb.h"
#include "tools/subrosa/erasure_text.h"

namespace subrosa {
namespace {

std::string DueText(absl::string_view what, const RuleDay& due) {
  if (due.day == 0) return "";
  return absl::StrCat("  ", what, " ", CertificateDate(due.day), " (", due.rule,
                      ")\n");
}

std::string KeptText(const v1::CertificateKept& kept) {
  return absl::StrCat(
      "  ", kept.what(),
      kept.until_day() == 0
          ? ""
          : absl::StrCat(" until ", CertificateDate(kept.until_day())),
      ": ", kept.citation(), " (", kept.rule(), ")\n");
}

nlohmann::ordered_json DueJson(const RuleDay& due) {
  if (due.day == 0) return nullptr;
  return {{"day", CertificateDate(due.day)}, {"rule", due.rule}};
}

}  // namespace

std::string PlanText(const ErasurePlan& plan) {
  const v1::StoredErasure& erasure = plan.draft.erasure;
  const ErasureTerms& terms = plan.draft.terms;
  std::string text = absl::StrCat(
      "This erasure destroys the consumer's key and ",
      plan.has_more ? "more than " : "", plan.records, " records:\n");
  for (const auto& [schema, records] : plan.records_by_schema) {
    absl::StrAppend(&text, "  ", records, " ", schema, "\n");
  }
  if (plan.old_revisions > 0) {
    absl::StrAppend(&text, "and ", plan.old_revisions, " old revisions.\n");
  }
  if (erasure.party_size() > 0) absl::StrAppend(&text, "It is told to:\n");
  for (const v1::ErasureParty& party : erasure.party()) {
    absl::StrAppend(&text, "  ", party.party().id(), ", due ",
                    CertificateDate(party.party().due_day()),
                    party.next_attempt() == 0 ? ", by an officer" : "", "\n");
  }
  std::string due = DueText("of what is held here, by", terms.live);
  absl::StrAppend(&due,
                  DueText("of what recipients hold, by", terms.recipients));
  for (const v1::CertificateLimit& limit : terms.limits) {
    absl::StrAppend(&due, "  in backups, by ", CertificateDate(limit.day()),
                    " (", limit.rule(), ")\n");
  }
  if (!due.empty()) absl::StrAppend(&text, "Statutes want it done:\n", due);
  absl::StrAppend(&text, WaitText(erasure), "What stays, and why:\n");
  for (const v1::CertificateKept& kept : erasure.certificate().kept()) {
    absl::StrAppend(&text, KeptText(kept));
  }
  if (!terms.MaySuppress()) {
    absl::StrAppend(&text,
                    "  nothing that keeps this account from being taken in "
                    "again: no statute that\n  applies allows it\n");
  }
  absl::StrAppend(
      &text,
      "  a leaf in the log that says a key was destroyed and on which day, and "
      "whose only\n  to whoever has the certificate\n"
      "  backups of the key store made before now. These are closed for good, "
      "and the\n  erasure holds everywhere, from ",
      CertificateDate(plan.holds_from_if_rotated),
      " on, if the keys are rotated\n  after it today (`subrosa keys rotate`) "
      "and the old ones retired that day\n  (`subrosa keys retire`); later, if "
      "later. Until then, whoever has such a backup\n  and the keyring could "
      "open the records.\n");
  return text;
}

nlohmann::ordered_json PlanJson(const ErasurePlan& plan, bool is_erased) {
  const v1::StoredErasure& erasure = plan.draft.erasure;
  nlohmann::ordered_json parties = nlohmann::ordered_json::array();
  for (const v1::ErasureParty& party : erasure.party()) {
    parties.push_back({{"id", party.party().id()},
                       {"due", CertificateDate(party.party().due_day())},
                       {"by_officer", party.next_attempt() == 0}});
  }
  nlohmann::ordered_json kept = nlohmann::ordered_json::array();
  for (const v1::CertificateKept& item : erasure.certificate().kept()) {
    kept.push_back({{"what", item.what()},
                    {"until", item.until_day() == 0
                                  ? nlohmann::ordered_json()
                                  : nlohmann::ordered_json(
                                        CertificateDate(item.until_day()))},
                    {"rule", item.rule()},
                    {"citation", item.citation()}});
  }
  nlohmann::ordered_json limits = nlohmann::ordered_json::array();
  for (const v1::CertificateLimit& limit : plan.draft.terms.limits) {
    limits.push_back(
        {{"day", CertificateDate(limit.day())}, {"rule", limit.rule()}});
  }
  nlohmann::ordered_json json = {{"erased", is_erased},
                                 {"records", plan.records},
                                 {"has_more", plan.has_more},
                                 {"old_revisions", plan.old_revisions}};
  json["records_by_schema"] = plan.records_by_schema;
  json["parties"] = parties;
  json["kept"] = kept;
  json["due"] = DueJson(plan.draft.terms.live);
  json["recipients_due"] = DueJson(plan.draft.terms.recipients);
  json["backups_due"] = limits;
  json["holds_from_if_rotated"] = CertificateDate(plan.holds_from_if_rotated);
  return json;
}

}  // namespace subrosa
