#include "tools/subrosa/leaf_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "src/audit/leaf_numbers.h"

namespace subrosa {
namespace {

std::string Hex(const Commitment& commitment) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(commitment.data()), commitment.size()));
}

}  // namespace

std::string LeafKindSlug(LeafKind kind) {
  return absl::StrReplaceAll(LeafKindName(kind), {{" ", "-"}});
}

std::string LeafOutcomeText(LeafOutcome outcome) {
  switch (outcome) {
    case LeafOutcome::kDone:
      return "done";
    case LeafOutcome::kInPart:
      return "done in part";
    case LeafOutcome::kDenied:
      break;
  }
  return "denied";
}

std::string LeafDate(const Leaf& leaf) {
  return absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + leaf.day);
}

nlohmann::ordered_json LeafJson(uint64_t index, const Leaf& leaf) {
  nlohmann::ordered_json json = {
      {"index", index},
      {"kind", LeafKindSlug(leaf.kind)},
      {"outcome",
       absl::StrReplaceAll(LeafOutcomeText(leaf.outcome), {{" ", "-"}})},
      {"date", LeafDate(leaf)},
      {"jurisdiction", nullptr},
      {"tag", absl::BytesToHexString(leaf.tag)},
      {"numbers", nlohmann::ordered_json::object()},
      {"commitments", nlohmann::ordered_json::array()},
      {"text", nullptr}};
  if (!leaf.jurisdiction.empty()) json["jurisdiction"] = leaf.jurisdiction;
  const absl::Span<const absl::string_view> names = LeafNumberNames(leaf.kind);
  for (size_t i = 0; i < names.size(); ++i) {
    json["numbers"][std::string(names[i])] = leaf.numbers[i];
  }
  for (const Commitment& commitment : leaf.commitments) {
    json["commitments"].push_back(Hex(commitment));
  }
  if (!leaf.text.empty()) json["text"] = leaf.text;
  return json;
}

std::string LeafLine(uint64_t index, const Leaf& leaf) {
  std::string line =
      absl::StrCat(index, "  ", LeafDate(leaf), "  ", LeafKindName(leaf.kind));
  const absl::Span<const absl::string_view> names = LeafNumberNames(leaf.kind);
  for (size_t i = 0; i < names.size(); ++i) {
    absl::StrAppend(&line, i == 0 ? ": " : ", ", names[i], " ",
                    leaf.numbers[i]);
  }
  if (leaf.outcome != LeafOutcome::kDone) {
    absl::StrAppend(&line, "; ", LeafOutcomeText(leaf.outcome));
  }
  if (!leaf.jurisdiction.empty()) {
    absl::StrAppend(&line, "; ", leaf.jurisdiction);
  }
  if (!leaf.text.empty()) absl::StrAppend(&line, "; ", leaf.text);
  return line;
}

}  // namespace subrosa
