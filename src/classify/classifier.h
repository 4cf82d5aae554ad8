// A Classifier says what kinds of data a record holds, from the marks on its
// message type and from the codes in it. It does not parse the payload into a
// message: it walks the wire bytes once, along a plan made from the marks.
//
// What counts:
//   - the mark of the payload's message type, always;
//   - the mark of each field that is present: a message or a field with
//     presence that is set, a repeated field with an element, any other field
//     that is not its type's default. A value that a later one overwrites still
//     counts, since the bytes still hold it;
//   - a mark on a field of message type holds for all below it;
//   - each coding (fields with the roles CODE_SYSTEM and CODE side by side), by
//     the code table's rule;
//   - the record's foreign type (role RESOURCE_TYPE), by the code table;
//   - the sensitive categories that a health category or identifier leads to in
//     California, by the taxonomy; and category (L) with any of them;
//   - the marked fields of the HealthRecord itself: whose it is, and when.
//
// Thread-safe: any number of threads may use one Classifier. The first record
// of a type compiles that type's plan (microseconds); what a call returns never
// depends on calls before it.
//
// Security: no error, finding or plan holds a value of a record.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(CodeTable codes, CodeTable::BuiltIn());
//   SUBROSA_ASSIGN_OR_RETURN(auto classifier,
//                            Classifier::Create(std::move(codes)));
//   SUBROSA_ASSIGN_OR_RETURN(const Classification kinds,
//                            classifier->Classify(record));
//   if (kinds.categories.Has(v1::HEALTH_CATEGORY_MEDICATION)) ...
#ifndef SUBROSA_SRC_CLASSIFY_CLASSIFIER_H_
#define SUBROSA_SRC_CLASSIFY_CLASSIFIER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class Classifier {
 public:
  // Deepest nesting of messages (the payload itself is 1) that is walked.
  static constexpr int kMaxDepth = 100;

  // Payload types are looked up in `pool`, then among those linked into the
  // program: the shipped payloads, and a service's own. `pool` must outlive the
  // classifier; it may be built at run time from a FileDescriptorSet compiled
  // against subrosa/v1/annotations.proto.
  static absl::StatusOr<std::unique_ptr<Classifier>> Create(
      CodeTable codes, const google::protobuf::DescriptorPool& pool =
                           *google::protobuf::DescriptorPool::generated_pool());

  ~Classifier();
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;

  // The kinds of data in `record`.
  //
  // INVALID_ARGUMENT if the payload is missing, its type is not known here, its
  // bytes are not well-formed protobuf or nest deeper than kMaxDepth, or its
  // type's marks contradict themselves. UTF-8 is not checked.
  absl::StatusOr<Classification> Classify(const v1::HealthRecord& record) const;

  // The same for a payload alone, in wire form; `type_name` is its message's
  // full name ("subrosa.v1.MoodCheckIn"). Errors as above.
  absl::StatusOr<Classification> ClassifyPayload(
      absl::string_view type_name, absl::string_view wire_bytes) const;

  // Every reason behind Classify's answer, in the order of the bytes: the kinds
  // of the findings together are exactly that answer (but for `has_unmarked`).
  // Where several elements of a repeated field say the same by the same rule,
  // the first speaks for all. Errors as above.
  absl::StatusOr<std::vector<Finding>> Explain(
      const v1::HealthRecord& record) const;
  absl::StatusOr<std::vector<Finding>> ExplainPayload(
      absl::string_view type_name, absl::string_view wire_bytes) const;

 private:
  class Rep;
  explicit Classifier(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CLASSIFIER_H_
