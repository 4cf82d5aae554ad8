#include "src/exports/attestations.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kDocument = "deidentification-attestation";
constexpr absl::string_view kNoKnowledge = "no-actual-knowledge";

void AddTo(const LawEntry& entry, const std::string& key,
           const std::string& text, std::vector<Attestation>* all) {
  auto found =
      std::find_if(all->begin(), all->end(),
                   [&key](const Attestation& each) { return each.key == key; });
  if (found == all->end()) {
    found = all->insert(found, Attestation());
    found->key = key;
  }
  found->rules.push_back(entry.id);
  found->citations.push_back(entry.rule->citation());
  found->texts.push_back(text);
}

}  // namespace

std::vector<Attestation> AttestationsOf(const LawBook& law) {
  std::vector<Attestation> all;
  for (const LawEntry& entry : law.entries()) {
    if (entry.rule->contents().document() == kDocument) {
      for (const v1::ContentItem& item : entry.rule->contents().item()) {
        AddTo(entry, item.key(), item.text(), &all);
      }
    }
    if (entry.rule->duty().duty() == kNoKnowledge) {
      AddTo(entry, std::string(kNoKnowledge), entry.rule->text(), &all);
    }
  }
  return all;
}

absl::Status CheckAttested(absl::Span<const Attestation> wanted,
                           absl::Span<const std::string> given) {
  std::set<std::string> missing;
  std::vector<std::string> keys;
  for (const Attestation& each : wanted) {
    missing.insert(each.key);
    keys.push_back(each.key);
  }
  std::set<std::string> seen;
  for (const std::string& key : given) {
    missing.erase(key);
    const bool is_known =
        std::find(keys.begin(), keys.end(), key) != keys.end();
    if (!is_known || !seen.insert(key).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("attested: want each of ", absl::StrJoin(keys, ", "),
                       " once, got ", is_known ? "one twice" : "another"));
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("attested: want ", absl::StrJoin(keys, ", "),
                   ", got none of ", absl::StrJoin(missing, ", ")));
}

}  // namespace subrosa
