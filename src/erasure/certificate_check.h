// Whether a certificate can be written: all that its text needs is there, and
// nothing that it has no words for.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_CERTIFICATE_CHECK_H_
#define SUBROSA_SRC_ERASURE_CERTIFICATE_CHECK_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

inline constexpr int kMaxCertificateParties = 1000;
inline constexpr int kMaxCertificateEpochs = 64;
// Of limits, and of what was kept.
inline constexpr int kMaxCertificateRules = 64;
inline constexpr size_t kMaxCitationBytes = 200;
// 9999-12-31: days are written in ten characters.
inline constexpr int32_t kMaxCertificateDay = 2'932'896;

// INVALID_ARGUMENT ("certificate.…: want …, got …") if it cannot.
absl::Status CheckCertificate(const v1::ErasureCertificate& certificate);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CERTIFICATE_CHECK_H_
