// For tests: certificates out of a log in memory, of an erasure of the account
// "ada" at "rosewater".
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_SCRATCH_CERTIFICATE_H_
#define SUBROSA_SRC_ERASURE_SCRATCH_CERTIFICATE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/audit/leaf.h"
#include "src/audit/test_log.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/commitment.h"
#include "src/crypto/signed_note.h"
#include "src/erasure/certificate_file.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

class ScratchCertificate {
 public:
  static constexpr absl::string_view kOrigin = "rosewater/audit/5c2e9a07";

  ScratchCertificate();

  // What it says: of two epochs, two recipients, a store and something kept.
  // Change it before File().
  v1::ErasureCertificate& certificate() { return certificate_; }
  void MakeFinal();

  // The log's leaves in their order: what was requested, erased, retired and,
  // last, what is certified. Others stand between them.
  std::vector<Leaf>& leaves() { return leaves_; }

  // The log's key, and what is made of the certificate and the leaves as they
  // are now.
  const std::vector<NoteKey>& keys() const { return log_.keys(); }
  std::string Statement();
  std::string File();
  CertificateProofs Proofs();

 private:
  TlogProof ProofOf(const std::vector<std::string>& entries, size_t index,
                    const std::string& note, bool has_opening);

  TestLog log_;
  v1::ErasureCertificate certificate_;
  std::vector<Leaf> leaves_;
  Opening erased_opening_;
  Opening statement_opening_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_SCRATCH_CERTIFICATE_H_
