// What a certificate says, as the one text that people read and programs take
// apart (docs/formats/certificate.md, "Statement"): its lines, and what they
// prove and do not prove in plain words.
//
// Thread-safe: no state.
//
// Security: nothing is verified here. A text that parses is the only text of
// what it says, so that whoever commits to the text commits to all of it.
#ifndef SUBROSA_SRC_ERASURE_CERTIFICATE_STATEMENT_H_
#define SUBROSA_SRC_ERASURE_CERTIFICATE_STATEMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

inline constexpr absl::string_view kCertificateFirstLine =
    "Subrosa erasure certificate, version 1";

inline constexpr size_t kMaxStatementBytes = size_t{256} << 10;

// The text. Errors as CheckCertificate.
absl::StatusOr<std::string> WriteStatement(
    const v1::ErasureCertificate& certificate);

// What WriteStatement wrote, and nothing else: INVALID_ARGUMENT says what is
// wrong and where. What parses is written as the same bytes.
absl::StatusOr<v1::ErasureCertificate> ReadStatement(absl::string_view text);

// "2026-11-26", of days since 1970-01-01.
std::string CertificateDate(int32_t day);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CERTIFICATE_STATEMENT_H_
