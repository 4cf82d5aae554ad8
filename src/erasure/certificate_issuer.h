// A CertificateIssuer makes what certificates say out of what is known of their
// erasures, and their files out of the log.
//
// Thread-compatible. Errors are those of Steward and Vault, besides what is
// said below.
#ifndef SUBROSA_SRC_ERASURE_CERTIFICATE_ISSUER_H_
#define SUBROSA_SRC_ERASURE_CERTIFICATE_ISSUER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_prover.h"
#include "src/steward/steward.h"
#include "src/vault/epochs.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

class CertificateIssuer {
 public:
  // Both must outlive it.
  CertificateIssuer(Steward& steward, Vault& vault)
      : steward_(steward), vault_(vault) {}

  // Sees the epochs and the log as they are now; the functions below go by it.
  // RefreshEpochs: without the log, and without waiting for it.
  absl::Status Refresh();
  absl::Status RefreshEpochs();

  // Fills in what a certificate of `erasure`, whose leaves are set, says from
  // the first on.
  absl::Status Begin(v1::StoredErasure* erasure) const;

  // Gives each of `erasures`, whose keys were destroyed by a call that may have
  // been forgotten in a restore, the leaf that the log has of it: it may be of
  // a later day than the one that was prepared.
  absl::Status AdoptErasedLeaves(
      absl::Span<v1::StoredErasure* const> erasures) const;

  // Whether backups can no longer hold the keys: the epochs are destroyed, and
  // the log says so.
  bool IsFinal(const v1::StoredErasure& erasure) const;

  // Makes the next certificate of `erasure`, whose keys are destroyed, if it
  // says anything that the last one does not; then true, and the leaf that
  // commits to it is the caller's to append, in the transaction that keeps
  // `erasure`.
  absl::StatusOr<bool> Issue(v1::StoredErasure* erasure) const;

  // Hands over the file of the last certificate of each of `erasures`, in
  // order: all at the log's present checkpoint, with one look through it from
  // its leaf `from` on, until all are found. DATA_LOSS if the log lacks a leaf
  // of one.
  using CertificateVisitor =
      absl::FunctionRef<absl::Status(size_t place, const std::string& file)>;
  absl::Status VisitFiles(absl::Span<const v1::StoredErasure> erasures,
                          uint64_t from, CertificateVisitor visit);

  // The receipt of the leaf that says that the keys of `erasure` are destroyed.
  // FAILED_PRECONDITION before they are; DATA_LOSS if the log lacks it.
  absl::StatusOr<std::string> Receipt(const v1::StoredErasure& erasure);

 private:
  // A leaf of kind 6 and where it stands.
  struct Retired {
    uint64_t index = 0;
    std::string bytes;
    Leaf leaf;
  };
  // Where leaves stand in the log, by their bytes.
  using LeafPlaces = absl::flat_hash_map<absl::string_view, uint64_t>;

  // The file of the last certificate of `erasure`. Thread-safe, each thread
  // with a prover of its own.
  absl::StatusOr<std::string> WriteFile(const v1::StoredErasure& erasure,
                                        const LeafPlaces& places,
                                        LeafProver& prover) const;

  Steward& steward_;
  Vault& vault_;
  std::vector<EpochRow> epochs_;
  std::string origin_;
  uint64_t read_to_ = 0;  // Of the log, for retired epochs.
  std::map<uint32_t, Retired> retired_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CERTIFICATE_ISSUER_H_
