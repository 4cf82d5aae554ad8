// Which fields of one message have been read.
#ifndef SUBROSA_SRC_INGEST_SEEN_FIELDS_H_
#define SUBROSA_SRC_INGEST_SEEN_FIELDS_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "src/ingest/message_plan.h"

namespace subrosa {

class SeenFields {
 public:
  // `plan` must outlive this object.
  explicit SeenFields(const MessagePlan& plan)
      : plan_(plan),
        bits_((plan.fields.size() + plan.type->oneof_decl_count()) / 64 + 1) {}

  // Notes the field with `index` in the plan; false if it has been seen.
  bool Add(int index) { return Set(static_cast<size_t>(index)); }

  // Notes a member of the oneof with `index`; false if one has been seen.
  bool AddOneof(int index) {
    return Set(plan_.fields.size() + static_cast<size_t>(index));
  }

  // A required field, in the sense of proto2, that has not been seen, or null.
  const FieldPlan* MissingRequired() const {
    if (!plan_.has_required) return nullptr;
    for (size_t i = 0; i < plan_.fields.size(); ++i) {
      if (plan_.fields[i].field->is_required() &&
          (bits_[i / 64] >> (i % 64) & 1) == 0) {
        return &plan_.fields[i];
      }
    }
    return nullptr;
  }

 private:
  bool Set(size_t bit) {
    const uint64_t mask = uint64_t{1} << (bit % 64);
    const bool is_new = (bits_[bit / 64] & mask) == 0;
    bits_[bit / 64] |= mask;
    return is_new;
  }

  const MessagePlan& plan_;
  // A bit for each field, then one for each oneof.
  absl::InlinedVector<uint64_t, 2> bits_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SEEN_FIELDS_H_
