#include "src/exports/set_ledger.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
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
constexpr char kNote[] = "de-identified set";

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
  entry.set_note(kNote);
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
    SUBROSA_ASSIGN_OR_RETURN(
        *entry.mutable_pseudonym(),
        walk.vault().PseudonymOf(consumer.id, common.recipient(),
                                 terms.period));
    if (entries.size() < kEntriesAtOnce) continue;
    SUBROSA_RETURN_IF_ERROR(Append(sharing->ledger(), &entries));
  }
  return Append(sharing->ledger(), &entries);
}

}  // namespace subrosa
