#include "src/consent/compiled_standing.h"

#include <algorithm>

namespace subrosa {

CompiledChoice::CompiledChoice(v1::ChoiceKind kind, v1::Action action,
                               int purpose, int recipient, uint32_t categories,
                               v1::ActorKind actor, int32_t until) {
  if (categories == 0) categories = kAllCategories;
  // An end before the first day that fits is past on every day that matters.
  const int32_t end =
      until == 0 ? 0 : std::clamp(until - kFirstDay, 1, kMaxEnd);
  bits_ = static_cast<uint64_t>(kind) & 7;
  bits_ |= (static_cast<uint64_t>(action) & 7) << 3;
  bits_ |= static_cast<uint64_t>(purpose & kMaxPurpose) << 6;
  bits_ |= static_cast<uint64_t>(recipient & kMaxRecipient) << 20;
  bits_ |= static_cast<uint64_t>(categories >> 1 & 0x1fff) << 34;
  bits_ |= static_cast<uint64_t>(end) << 47;
  bits_ |= static_cast<uint64_t>(actor & 3) << 62;
}

}  // namespace subrosa
