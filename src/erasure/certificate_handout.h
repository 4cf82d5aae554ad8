// A CertificateHandout gives final certificates to whoever passes them on to
// the consumers: each with how its consumer is reached, which is kept until
// then and forgotten once it is given.
//
// Thread-compatible. Errors are those of ErasureBook and CertificateIssuer.
#ifndef SUBROSA_SRC_ERASURE_CERTIFICATE_HANDOUT_H_
#define SUBROSA_SRC_ERASURE_CERTIFICATE_HANDOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/erasure/certificate_issuer.h"
#include "src/erasure/erasure_book.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

class CertificateHandout {
 public:
  // Both must outlive it; `vault` is of `steward`'s home.
  CertificateHandout(Steward& steward, Vault& vault)
      : vault_(vault), book_(vault, steward.clock()), issuer_(steward, vault) {}

  // Hands over each final certificate that is still to be given to its
  // consumer, as a file (certificate_file.h). After each `kAtOnce` for which
  // `give` returned OK, how these are reached is forgotten, durably, and they
  // are given no more; after an error or a kill before that they are given
  // again, with the same id. Returns how many there were; stops at the first
  // error of `give` and returns it.
  static constexpr int64_t kAtOnce = 200;
  using Giver = absl::FunctionRef<absl::Status(const v1::StoredErasure& erasure,
                                               const std::string& file)>;
  absl::StatusOr<int64_t> GiveAll(Giver give);

 private:
  absl::Status SetGiven(std::vector<ErasureEntry> entries);

  Vault& vault_;
  ErasureBook book_;
  CertificateIssuer issuer_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CERTIFICATE_HANDOUT_H_
