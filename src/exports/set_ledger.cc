#include "src/exports/set_ledger.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/steward/sharing.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

constexpr size_t kEntriesAtOnce = 1000;

// What an entry notes of a set, by which another one finds what became of its
// dates.
absl::string_view NoteOf(DateRule dates) {
  return dates == DateRule::kShifted ? "de-identified set, dates moved"
                                     : "de-identified set, dates to years";
}

// What all entries have in common.
v1::Disclosure CommonOf(const v1::Recipient& recipient,
                        const GivenTerms& terms) {
  v1::Disclosure entry;
  entry.set_kind(v1::DISCLOSURE_KIND_GRANT);
  entry.set_recipient(recipient.id());
  entry.set_recipient_name(recipient.name());
  entry.set_recipient_contact(recipient.contact().email().empty()
                                  ? recipient.contact().url()
                                  : recipient.contact().email());
  entry.set_action(recipient.pays() ? v1::ACTION_SELL : v1::ACTION_SHARE);
  entry.set_purpose(terms.purpose);
  entry.mutable_at()->set_seconds(absl::ToUnixSeconds(terms.given_at));
  entry.set_content_sha256(terms.sha256);
  entry.set_note(std::string(NoteOf(terms.dates)));
  return entry;
}

absl::Status Append(DisclosureLedger& ledger,
                    std::vector<v1::Disclosure>* entries) {
  std::vector<const v1::Disclosure*> pointers;
  for (const v1::Disclosure& entry : *entries) pointers.push_back(&entry);
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<DisclosureResult> results,
                           ledger.Append(pointers));
  for (const DisclosureResult& result : results) {
    SUBROSA_RETURN_IF_ERROR(result.status);
  }
  entries->clear();
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckDateRule(Steward& steward, const std::string& recipient,
                           DateRule dates, const SetSurvey& survey) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Sharing> sharing,
                           steward.OpenSharing());
  DisclosureLedger& ledger = sharing->ledger();
  SUBROSA_ASSIGN_OR_RETURN(const auto days, ledger.ReadLastDays());
  if (days.count(recipient) == 0) return absl::OkStatus();
  const absl::string_view other = NoteOf(
      dates == DateRule::kShifted ? DateRule::kYears : DateRule::kShifted);
  for (const uint32_t place : survey.by_name()) {
    const absl::Status visited = ledger.Visit(
        survey.consumers()[place].id,
        [&](uint64_t, const v1::Disclosure& entry) {
          if (entry.recipient() != recipient || entry.note() != other ||
              entry.kind() != v1::DISCLOSURE_KIND_GRANT) {
            return absl::OkStatus();
          }
          return absl::PermissionDeniedError(absl::StrCat(
              "dates: want one rule for all that `", recipient,
              "` has of a consumer, since years beside moved days give true "
              "days back; got another than that of a set which it was given (",
              other, ")"));
        });
    // Who was erased meanwhile is in no set, as will be found.
    if (!visited.ok() && !absl::IsNotFound(visited)) return visited;
  }
  return absl::OkStatus();
}

absl::Status AppendSetDisclosures(Steward& steward, PermittedWalk& walk,
                                  const GivenTerms& terms,
                                  const SetSurvey& survey) {
  // What another process recorded while the set was written counts.
  SUBROSA_RETURN_IF_ERROR(walk.Refresh());
  std::map<uint32_t, std::set<std::string>> rules;  // By categories.
  for (const SetConsumer& consumer : survey.consumers()) {
    if (!consumer.is_in) continue;
    SUBROSA_RETURN_IF_ERROR(
        Annotate(walk.CheckStillPermitted(consumer.id, consumer.categories,
                                          &rules[consumer.categories]),
                 "what may be given changed while the set was written"));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Sharing> sharing,
                           steward.OpenSharing());
  const v1::Disclosure common = CommonOf(walk.recipient(), terms);
  std::vector<v1::Disclosure> entries;
  for (const SetConsumer& consumer : survey.consumers()) {
    if (!consumer.is_in) continue;
    v1::Disclosure& entry = entries.emplace_back(common);
    entry.set_consumer(consumer.id);
    for (int i = 1; i < 32; ++i) {
      if ((consumer.categories >> i & 1) != 0) {
        entry.add_category(static_cast<v1::HealthCategory>(i));
      }
    }
    for (const std::string& rule : rules[consumer.categories]) {
      entry.add_rule(rule);
    }
    entry.set_records(consumer.records);
    entry.set_pseudonym(absl::BytesToHexString(
        {reinterpret_cast<const char*>(consumer.name.data()),
         consumer.name.size()}));
    if (entries.size() < kEntriesAtOnce) continue;
    SUBROSA_RETURN_IF_ERROR(Append(sharing->ledger(), &entries));
  }
  return Append(sharing->ledger(), &entries);
}

}  // namespace subrosa
