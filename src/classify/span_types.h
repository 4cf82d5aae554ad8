// SpanTypes say which labels of a labelled file are which of our rules: names
// of labels differ from file to file, and ours are finer. Data, not code: a
// file of tab-separated lines (evaluation/span_types.tsv is built in).
//
//   type    PHONE   structured   PHONE,PHONE_NUMBER   text/phone,text/fax
//   pass    TITLE   a form of address is nobody's identifier
//
// `type` names a type, its group (structured, or names), the labels that mean
// it and the rules that find it. `pass`: labels that are neither asked for nor
// an alarm when found. A label in no line is refused: nothing goes by unseen.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CLASSIFY_SPAN_TYPES_H_
#define SUBROSA_SRC_CLASSIFY_SPAN_TYPES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

enum class SpanGroup { kStructured, kNames };

struct SpanType {
  std::string name;
  SpanGroup group = SpanGroup::kStructured;
};

class SpanTypes {
 public:
  static constexpr int kPass = -1;

  // What is built in.
  static absl::StatusOr<SpanTypes> BuiltIn();

  // INVALID_ARGUMENT, with the line's number, for a line that is none of the
  // above, a label that stands twice, or more than kMaxTypes types.
  static absl::StatusOr<SpanTypes> Parse(absl::string_view text);
  static constexpr int kMaxTypes = 1000;

  const std::vector<SpanType>& types() const { return types_; }

  // The type that `label` means, by its index, or kPass. NOT_FOUND if no line
  // names it; the message does not repeat it.
  absl::StatusOr<int> OfLabel(absl::string_view label) const;

  // The types that the rule finds, in the file's order; may be empty.
  const std::vector<int>& OfRule(absl::string_view rule_id) const;

 private:
  absl::Status AddLine(absl::string_view line);

  std::vector<SpanType> types_;
  absl::flat_hash_map<std::string, int> labels_;
  absl::flat_hash_map<std::string, std::vector<int>> rules_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SPAN_TYPES_H_
