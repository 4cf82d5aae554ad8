// A consumer's standing choices and facts as a Decider reads them: numbers and
// bits. Made from a v1::Standing by Decider::Compile, and good for that decider
// alone.
//
// Security: tells what somebody chose and where they live, not who they are.
#ifndef SUBROSA_SRC_CONSENT_COMPILED_STANDING_H_
#define SUBROSA_SRC_CONSENT_COMPILED_STANDING_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// One standing choice in eight bytes.
class CompiledChoice {
 public:
  // What fits.
  static constexpr int kMaxPurpose = (1 << 14) - 1;
  static constexpr int kMaxRecipient = (1 << 14) - 1;
  static constexpr uint32_t kAllCategories = 0x3ffe;  // Bits 1 to 13.
  // Days of an end: from 2020-01-01 to 2109-09-17, which also stands for later.
  static constexpr int32_t kFirstDay = 18262;
  static constexpr int32_t kMaxEnd = (1 << 15) - 1;

  CompiledChoice() = default;
  // `purpose` and `recipient` 0: all. `categories` as bits; 0: all. `until`:
  // the first day, since 1970-01-01, on which it stands no more; 0: it stands.
  CompiledChoice(v1::ChoiceKind kind, v1::Action action, int purpose,
                 int recipient, uint32_t categories, v1::ActorKind actor,
                 int32_t until);

  v1::ChoiceKind kind() const { return static_cast<v1::ChoiceKind>(bits_ & 7); }
  v1::ActorKind actor() const {
    return static_cast<v1::ActorKind>(bits_ >> 62);
  }
  int recipient() const {
    return static_cast<int>(bits_ >> 20 & kMaxRecipient);
  }
  uint32_t categories() const {
    return static_cast<uint32_t>(bits_ >> 34 & 0x1fff) << 1;
  }

  // Whether it speaks of this action, purpose and recipient, and stands on
  // `day`. A consent to collect speaks of use also.
  bool SpeaksOf(v1::Action action, uint16_t purpose, uint16_t recipient,
                int32_t day) const {
    const auto its_action = static_cast<v1::Action>(bits_ >> 3 & 7);
    const auto its_purpose = static_cast<uint16_t>(bits_ >> 6 & kMaxPurpose);
    const auto its_recipient =
        static_cast<uint16_t>(bits_ >> 20 & kMaxRecipient);
    const auto end = static_cast<int32_t>(bits_ >> 47 & kMaxEnd);
    return (its_action == action || its_action == v1::ACTION_UNSPECIFIED ||
            (its_action == v1::ACTION_COLLECT && action == v1::ACTION_USE)) &&
           (its_purpose == purpose || its_purpose == 0) &&
           (its_recipient == recipient || its_recipient == 0) &&
           (end == 0 || day < kFirstDay + end || end == kMaxEnd);
  }

  uint64_t bits() const { return bits_; }

  friend bool operator==(CompiledChoice a, CompiledChoice b) {
    return a.bits_ == b.bits_;
  }

 private:
  uint64_t bits_ = 0;
};

struct CompiledStanding {
  // The places, as bits that the decider numbers, of residence and of
  // collection.
  uint32_t residence = 0;
  uint32_t collected = 0;
  // PackCivil of the day of birth; 0: not known.
  int32_t born = 0;
  // See ChoiceState::ask_again.
  bool ask_again = false;
  // In the order in which they were made. A dozen is much; 256 are the most.
  absl::InlinedVector<CompiledChoice, 8> choices;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_COMPILED_STANDING_H_
