// For tests: entries for the ledger of disclosures that are in order.
#ifndef SUBROSA_SRC_DISCLOSURE_SCRATCH_DISCLOSURE_H_
#define SUBROSA_SRC_DISCLOSURE_SCRATCH_DISCLOSURE_H_

#include <cstdint>
#include <string>

#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {

// 2026-06-01, the day on which they were made, counted from 1970-01-01, and
// its noon.
inline constexpr int32_t kDisclosureDay = 20605;
inline constexpr int64_t kDisclosureSeconds = kDisclosureDay * 86400 + 43200;

// Declared: `consumer`'s conditions shared with `recipient` for coaching. The
// fields of `text`, in protobuf's text format, take the place of its own, or
// stand after them. Fails the test if `text` does not parse.
v1::Disclosure ScratchDisclosure(const std::string& consumer,
                                 const std::string& recipient,
                                 const std::string& text = "");

// A revocation of all purposes.
v1::Disclosure ScratchRevocation(const std::string& consumer,
                                 const std::string& recipient);

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_SCRATCH_DISCLOSURE_H_
