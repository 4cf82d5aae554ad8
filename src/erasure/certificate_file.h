// The file of a certificate: its statement, and below it the proofs that the
// log holds what the statement says (docs/formats/certificate.md). Whoever has
// the file and the log's public key can check all of it without any network.
//
// Thread-safe: no state.
//
// Security: a verified certificate says that the log's key signed a tree in
// which one leaf commits to the whole statement, and the leaves that it names
// stand in the order that it says. Each byte of the file counts. What the
// statement says is the keeper's word; the leaves are what it cannot take back.
#ifndef SUBROSA_SRC_ERASURE_CERTIFICATE_FILE_H_
#define SUBROSA_SRC_ERASURE_CERTIFICATE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/checkpoint.h"
#include "src/audit/cosignatures.h"
#include "src/audit/leaf.h"
#include "src/audit/receipt.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"
#include "src/crypto/signed_note.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

// The longest file that is read.
inline constexpr size_t kMaxCertificateBytes = size_t{1} << 20;

// What the commitment to a statement is made for.
inline constexpr PrfLabel kStatementLabel("certificate");

// Whether a file looks like a certificate: for whoever takes receipts too.
bool IsCertificate(absl::string_view file);

// The leaf that commits to `statement`, which `certificate` is, under
// `opening`, 32 random bytes that the file then holds.
absl::StatusOr<Leaf> StatementLeaf(const v1::ErasureCertificate& certificate,
                                   absl::string_view statement,
                                   const Opening& opening);

// All proofs lead to one checkpoint. Each is a receipt by itself, whose extra
// holds its leaf; that of the erasure holds the opening to the consumer too.
struct CertificateProofs {
  Opening opening = {};            // Of the statement's leaf.
  TlogProof statement;             // Leaf of kind 18.
  TlogProof erased;                // 4, with an opening.
  TlogProof requested;             // 10; read only if the statement says one.
  std::vector<TlogProof> retired;  // 6: of a final one, one for each epoch.
};

// The file. Errors of WriteStatement.
absl::StatusOr<std::string> SerializeCertificate(
    const v1::ErasureCertificate& certificate, const CertificateProofs& proofs);

struct VerifiedCertificate {
  v1::ErasureCertificate certificate;
  std::string statement;  // Its text.
  Checkpoint checkpoint;
  std::vector<SeenByWitness> witnesses;
  // Of the statement's leaf, and of the erasure's with its opening.
  uint64_t index = 0;
  uint64_t erased_index = 0;
  Leaf erased;
  LeafOpening erased_opening;
};

// Verifies a certificate with the log's `keys`. Cosignatures as VerifyReceipt.
//
// INVALID_ARGUMENT ("certificate.…") if it is malformed or anything in it does
// not fit the rest; PERMISSION_DENIED if none of `keys` signed its checkpoint,
// or the statement is another than the log's.
absl::StatusOr<VerifiedCertificate> VerifyCertificate(
    absl::string_view file, absl::Span<const NoteKey> keys,
    absl::Span<const NoteKey> witnesses);

// Returns OK if the keys that were destroyed were those of `consumer`, an
// account id; PERMISSION_DENIED if they were another's.
absl::Status CheckCertificateConsumer(const VerifiedCertificate& certificate,
                                      absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CERTIFICATE_FILE_H_
