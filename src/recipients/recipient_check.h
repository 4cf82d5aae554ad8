// CheckRecipient says whether a recipient is described as it must be. Whether
// it may then be given data is another question (receiving.h): a contract that
// lacks an item can be recorded, so that what is missing can be seen.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_RECIPIENTS_RECIPIENT_CHECK_H_
#define SUBROSA_SRC_RECIPIENTS_RECIPIENT_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

inline constexpr size_t kMaxRecipientNameBytes = 256;
inline constexpr size_t kMaxRecipientCategoryBytes = 128;
inline constexpr size_t kMaxPostalBytes = 512;
inline constexpr size_t kMaxContractReferenceBytes = 128;
inline constexpr int kMaxRecipientPurposes = 1'000;
inline constexpr int kMaxRecipientLocations = 300;
inline constexpr int kMaxContractItems = 1'000;

// Returns OK if each field of `recipient` is as recipient.proto says, within
// the bounds above, and nothing is listed twice. Items of the contract must
// stand in `law`; a contact was checked on `today`, in UTC, or before.
//
// INVALID_ARGUMENT, `contact.email: want …, got …`, names the first field that
// is not. No message repeats a value.
absl::Status CheckRecipient(const v1::Recipient& recipient, const LawBook& law,
                            absl::CivilDay today);

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_RECIPIENT_CHECK_H_
