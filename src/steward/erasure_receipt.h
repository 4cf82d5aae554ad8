// What is left in the consumer's hands of an erasure.
#ifndef SUBROSA_SRC_STEWARD_ERASURE_RECEIPT_H_
#define SUBROSA_SRC_STEWARD_ERASURE_RECEIPT_H_

#include <cstdint>
#include <string>

namespace subrosa {

// What an erasure did, and the proof of it.
struct ErasureReceipt {
  uint64_t log_index = 0;  // Of the leaf that says so.
  // The receipt, with the opening that binds it to the account id
  // (src/audit/receipt.h). The only copy: it is the consumer's.
  std::string receipt;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_ERASURE_RECEIPT_H_
