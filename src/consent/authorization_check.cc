#include "src/consent/authorization_check.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/consent/authorization_element.h"
#include "src/consent/choice_time.h"
#include "src/law/deadline.h"
#include "src/law/law_text.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// Names that packs give to documents, to what lasts, and to duties.
constexpr absl::string_view kToSell = "authorization-to-sell";
constexpr absl::string_view kToDisclose = "authorization-to-disclose";
constexpr absl::string_view kInEffect = "authorization-in-effect";
constexpr absl::string_view kTypeSize = "authorization-type-points";
constexpr absl::string_view kCopy = "copy-of-authorization";
constexpr absl::string_view kRevocation = "means-of-revocation";

bool Has(const google::protobuf::RepeatedField<int>& values, int value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Whether `rule` lets the choice's action rest on an authorization, for any of
// its categories.
bool AsksForOne(const v1::LawRule& rule, const v1::Choice& choice) {
  const v1::Permits& permits = rule.permits();
  if (!Has(permits.ground(), v1::GROUND_AUTHORIZATION)) return false;
  const auto concerns = [&](int action) {
    return Has(permits.action(), action);
  };
  if (std::none_of(choice.action().begin(), choice.action().end(), concerns)) {
    return false;
  }
  return permits.health().empty() || choice.category().empty() ||
         std::any_of(
             choice.category().begin(), choice.category().end(),
             [&](int category) { return Has(permits.health(), category); });
}

// The first instant after the longest time that `rule` allows.
absl::Time EndOfLife(const DatedRule& rule, absl::Time signed_at) {
  const absl::StatusOr<absl::CivilDay> last =
      LastDayOf(rule.rule().keeps().at_most(),
                absl::ToCivilDay(signed_at, rule.zone), nullptr);
  return last.ok() ? absl::FromCivil(*last + 1, rule.zone)
                   : absl::InfinitePast();
}

class Examination {
 public:
  Examination(const ExaminedAuthorization& it, AuthorizationReport* report)
      : it_(it), report_(*report) {}

  // `rules` are those of one pack that held when it was signed.
  void AddPack(const std::vector<const DatedRule*>& rules) {
    absl::string_view document;
    AuthorizationTerms terms;
    for (const DatedRule* rule : rules) {
      const std::string& name = rule->rule().contents().document();
      if (name == kToSell || name == kToDisclose) document = name;
      if (rule->rule().threshold().duty() == kTypeSize) {
        terms.type_points = rule->rule().threshold().value();
      }
      if (rule->rule().keeps().what() == kInEffect) {
        terms.latest_end = EndOfLife(*rule, it_.signed_at);
        terms.life = absl::StrCat(PeriodText(rule->rule().keeps().at_most()),
                                  " (", rule->id(), ")");
        report_.ends_at = std::min(report_.ends_at, terms.latest_end);
      }
    }
    bool is_complete = true;
    for (const DatedRule* rule : rules) {
      const v1::Contents& contents = rule->rule().contents();
      if (document.empty() || contents.document() != document) continue;
      for (const v1::ContentItem& item : contents.item()) {
        Add(AuthorizationDemand::kElement, *rule, item.key(), item.text(),
            ElementFault(item.key(), it_, terms));
        is_complete = is_complete && report_.findings.back().Holds();
      }
    }
    for (const DatedRule* rule : rules) {
      const v1::Defects& defects = rule->rule().defects();
      if (document.empty() || defects.document() != document) continue;
      for (const v1::ContentItem& item : defects.item()) {
        Add(AuthorizationDemand::kDefect, *rule, item.key(), item.text(),
            DefectFault(item.key(), it_, terms, is_complete));
      }
    }
    for (const DatedRule* rule : rules) {
      const std::string& duty = rule->rule().duty().duty();
      if (duty == kCopy) {
        // A disclosure's document has to say how to get more copies too.
        AddDuty(*rule, CopyFault(it_, document == kToDisclose));
      } else if (duty == kRevocation) {
        AddDuty(*rule, RevocationFault(it_.document));
      }
    }
  }

 private:
  void Add(AuthorizationDemand demand, const DatedRule& rule,
           absl::string_view key, absl::string_view text, std::string fault) {
    report_.findings.push_back({demand, rule.entry, std::string(key),
                                std::string(text), std::move(fault)});
  }
  void AddDuty(const DatedRule& rule, std::string fault) {
    Add(AuthorizationDemand::kDuty, rule, rule.rule().id(), rule.rule().text(),
        std::move(fault));
  }

  const ExaminedAuthorization& it_;
  AuthorizationReport& report_;
};

}  // namespace

bool AuthorizationReport::IsValid() const {
  return !findings.empty() &&
         std::all_of(findings.begin(), findings.end(),
                     [](const AuthorizationFinding& finding) {
                       return finding.Holds();
                     });
}

AuthorizationReport ExamineAuthorization(const v1::Choice& choice,
                                         const EntityLaw& law,
                                         absl::Time revoked_at,
                                         absl::Time now) {
  const v1::Authorization& document = choice.authorization();
  const ExaminedAuthorization it = {
      choice, document,
      // Which rules hold is then asked of the present day.
      document.has_signed_at() ? TimeOf(document.signed_at()) : now,
      document.has_expires_at() ? TimeOf(document.expires_at())
                                : absl::InfinitePast(),
      revoked_at, now};
  AuthorizationReport report;
  report.ends_at = std::min(it.expires_at, revoked_at);
  Examination examination(it, &report);
  const std::vector<DatedRule>& rules = law.rules();
  for (size_t begin = 0; begin < rules.size();) {
    size_t end = begin;
    bool asks = false;
    std::vector<const DatedRule*> holding;
    for (; end < rules.size() && rules[end].pack == rules[begin].pack; ++end) {
      if (!rules[end].HoldsAt(it.signed_at)) continue;
      holding.push_back(&rules[end]);
      asks = asks || AsksForOne(rules[end].rule(), choice);
    }
    if (asks) examination.AddPack(holding);
    begin = end;
  }
  return report;
}

absl::Status CheckAuthorization(const AuthorizationReport& report) {
  if (report.findings.empty()) {
    return absl::InvalidArgumentError(
        "authorization: want an action that a pack of the policy lets rest on "
        "one, got another");
  }
  const AuthorizationFinding* first = nullptr;
  size_t faults = 0;
  for (const AuthorizationFinding& finding : report.findings) {
    if (finding.Holds()) continue;
    if (first == nullptr) first = &finding;
    ++faults;
  }
  if (first == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      first->fault, " (", first->rule->id,
      first->demand == AuthorizationDemand::kDuty ? "" : "#",
      first->demand == AuthorizationDemand::kDuty ? "" : first->key, ")",
      faults == 1 ? "" : absl::StrCat(", and ", faults - 1, " more")));
}

}  // namespace subrosa
