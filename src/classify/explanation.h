// An Explanation turns one walk over a record into findings. Internal to this
// room: it is a sink of WireWalk that remembers where it is.
#ifndef SUBROSA_SRC_CLASSIFY_EXPLANATION_H_
#define SUBROSA_SRC_CLASSIFY_EXPLANATION_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/mark_plan.h"

namespace subrosa {

class Explanation {
 public:
  Explanation();

  // What is visited from here on lies in `bytes`, below "payload".
  void BeginPayload(absl::string_view bytes);

  // As WireWalk calls them.
  void Message(const MarkPlan& plan, absl::string_view bytes);
  void Field(const FieldMarkPlan& field, absl::string_view bytes);
  void Enter(const FieldMarkPlan& field);
  void Leave();
  void Code(const CodeRule& rule, absl::string_view bytes);
  void Unmarked() {}

  // The rule for the record's foreign type; `uncoded`: no code in the record
  // says more closely what it is.
  void Type(const CodeRule& rule, bool uncoded);

  // The findings in the order met, with what follows from them at the end.
  std::vector<Finding> Finish() &&;

 private:
  // One message that the walk is in.
  struct Frame {
    std::string path;   // With indexes: "payload.reasons[1]".
    std::string place;  // Without: "payload.reasons".
    absl::flat_hash_map<const FieldMarkPlan*, int> elements;
  };

  // Why a set of kinds holds.
  struct Ground {
    std::string path;
    std::string place;
    ByteSpan span;
    FindingBasis basis = FindingBasis::kMark;
    std::string rule_id;
    std::string reason;
  };

  ByteSpan SpanOf(absl::string_view bytes) const;
  Frame Below(const FieldMarkPlan& field) const;
  Ground CodeGround(const CodeRule& rule, absl::string_view bytes) const;

  // One finding for each of `kinds` that `ground` has not given yet.
  void Add(const Classification& kinds, const Ground& ground);
  void AddOne(Finding finding, absl::string_view kind, const Ground& ground);

  absl::string_view payload_;
  std::vector<Frame> frames_;
  std::vector<Finding> findings_;
  absl::flat_hash_set<std::string> said_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_EXPLANATION_H_
