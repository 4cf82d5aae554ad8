// What `subrosa verify` says of a certificate that is good.
#ifndef SUBROSA_TOOLS_SUBROSA_CERTIFICATE_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_CERTIFICATE_TEXT_H_

#include <string>

#include "src/erasure/certificate_file.h"

namespace subrosa {

// `is_about`: an account id was given, and it is about that one.
std::string CertificateText(const VerifiedCertificate& verified, bool is_about);
std::string CertificateJson(const VerifiedCertificate& verified, bool is_about);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_CERTIFICATE_TEXT_H_
