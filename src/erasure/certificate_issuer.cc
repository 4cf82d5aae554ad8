#include "src/erasure/certificate_issuer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "src/audit/log_reader.h"
#include "src/audit/receipt.h"
#include "src/base/clock.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/crypto/random_bytes.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/certificate_statement.h"

namespace subrosa {
namespace {

constexpr size_t kIdBytes = 16;

// The place of a leaf that the log lacks.
constexpr uint64_t kNowhere = UINT64_MAX;

// Files that are in memory together; from so many on, starting threads costs
// less than they save.
constexpr size_t kFilesAtOnce = 256;
constexpr size_t kWorthThreads = 16;

// Which commitment of an erasure's leaf is to the consumer.
constexpr uint16_t kErasedConsumer = 1;

Opening OpeningOf(const std::string& bytes) {
  Opening opening = {};
  std::memcpy(opening.data(), bytes.data(),
              std::min(bytes.size(), opening.size()));
  return opening;
}

// What a certificate says, but for its number and day.
bool SaysTheSame(v1::ErasureCertificate one, v1::ErasureCertificate other) {
  for (v1::ErasureCertificate* const certificate : {&one, &other}) {
    certificate->clear_issue();
    certificate->clear_issued_day();
  }
  return google::protobuf::util::MessageDifferencer::Equals(one, other);
}

}  // namespace

absl::Status CertificateIssuer::RefreshEpochs() {
  SUBROSA_ASSIGN_OR_RETURN(epochs_, vault_.keys().ReadEpochs());
  return absl::OkStatus();
}

absl::Status CertificateIssuer::Refresh() {
  SUBROSA_RETURN_IF_ERROR(RefreshEpochs());
  SUBROSA_ASSIGN_OR_RETURN(LogReader reader, steward_.ReadLog());
  origin_ = reader.checkpoint().origin;
  const uint64_t size = reader.checkpoint().size;
  SUBROSA_RETURN_IF_ERROR(reader.VisitEntries(
      read_to_, size, [&](uint64_t index, absl::string_view entry) {
        const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
        if (leaf.ok() && leaf->kind == LeafKind::kEpochRetired) {
          retired_[static_cast<uint32_t>(leaf->numbers[0])] = {
              index, std::string(entry), *leaf};
        }
        return absl::OkStatus();
      }));
  read_to_ = size;
  return absl::OkStatus();
}

absl::Status CertificateIssuer::Begin(v1::StoredErasure* erasure) const {
  v1::ErasureCertificate& certificate = *erasure->mutable_certificate();
  if (certificate.id().empty()) certificate.set_id(RandomBytes(kIdBytes));
  certificate.set_entity(vault_.entity());
  certificate.set_log(origin_);
  SUBROSA_ASSIGN_OR_RETURN(const Leaf erased,
                           ParseLeaf(erasure->erased_leaf()));
  certificate.set_erased_day(static_cast<int32_t>(erased.day));
  certificate.set_erased_tag(erased.tag);
  if (!erasure->requested_leaf().empty()) {
    SUBROSA_ASSIGN_OR_RETURN(const Leaf requested,
                             ParseLeaf(erasure->requested_leaf()));
    certificate.set_requested_day(static_cast<int32_t>(requested.day));
    certificate.set_requested_tag(requested.tag);
  }
  certificate.clear_epoch();
  for (const EpochRow& row : epochs_) {
    if (row.state != EpochState::kDestroyed) certificate.add_epoch(row.epoch);
  }
  certificate.set_assurance(
      static_cast<v1::CertificateAssurance>(steward_.EpochAssurance()));
  return absl::OkStatus();
}

absl::Status CertificateIssuer::AdoptErasedLeaves(
    absl::Span<v1::StoredErasure* const> erasures) const {
  if (erasures.empty()) return absl::OkStatus();
  absl::flat_hash_map<std::string, v1::StoredErasure*> by_tag;
  uint64_t from = UINT64_MAX;
  for (v1::StoredErasure* const erasure : erasures) {
    SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf,
                             ParseLeaf(erasure->erased_leaf()));
    by_tag[leaf.tag] = erasure;
    from = std::min(from, erasure->log_size_before());
  }
  SUBROSA_ASSIGN_OR_RETURN(LogReader reader, steward_.ReadLog());
  const uint64_t size = reader.checkpoint().size;
  return reader.VisitEntries(
      std::min(from, size), size, [&](uint64_t, absl::string_view entry) {
        const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
        if (leaf.ok() && leaf->kind == LeafKind::kConsumerKeyDestroyed) {
          const auto found = by_tag.find(leaf->tag);
          if (found != by_tag.end()) {
            found->second->set_erased_leaf(std::string(entry));
          }
        }
        return absl::OkStatus();
      });
}

bool CertificateIssuer::IsFinal(const v1::StoredErasure& erasure) const {
  const auto& epochs = erasure.certificate().epoch();
  return std::all_of(epochs.begin(), epochs.end(), [&](uint32_t epoch) {
    const auto row =
        std::find_if(epochs_.begin(), epochs_.end(),
                     [&](const EpochRow& row) { return row.epoch == epoch; });
    const auto retired = retired_.find(epoch);
    return row != epochs_.end() && row->state == EpochState::kDestroyed &&
           retired != retired_.end() &&
           retired->second.index >= erasure.log_size_before();
  });
}

absl::StatusOr<bool> CertificateIssuer::Issue(
    v1::StoredErasure* erasure) const {
  const int32_t today = DayOf(steward_.clock().Now());
  v1::ErasureCertificate next = erasure->certificate();
  next.set_issue(next.issue() + 1);
  next.set_issued_day(today);
  next.clear_party();
  for (const v1::ErasureParty& party : erasure->party()) {
    *next.add_party() = party.party();
  }
  int32_t backups_day = 0;
  if (IsFinal(*erasure)) {
    next.set_stage(v1::CERTIFICATE_STAGE_FINAL);
    uint64_t worst = 0;
    for (const uint32_t epoch : next.epoch()) {
      const Leaf& leaf = retired_.at(epoch).leaf;
      worst = std::max(worst, leaf.numbers[1]);
      backups_day = std::max(backups_day, static_cast<int32_t>(leaf.day));
    }
    next.set_assurance(static_cast<v1::CertificateAssurance>(worst));
  } else {
    next.set_stage(v1::CERTIFICATE_STAGE_INTERIM);
    // A day is promised once each epoch has one.
    for (const EpochRow& row : epochs_) {
      if (std::find(next.epoch().begin(), next.epoch().end(), row.epoch) ==
          next.epoch().end()) {
        continue;
      }
      if (row.destroy_day == 0) {
        backups_day = 0;
        break;
      }
      backups_day = std::max(backups_day, row.destroy_day);
    }
  }
  next.set_backups_day(backups_day);
  if (!erasure->statement_leaf().empty() &&
      SaysTheSame(next, erasure->certificate())) {
    return false;
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::string statement, WriteStatement(next));
  const std::string opening = RandomBytes(Opening().size());
  SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf,
                           StatementLeaf(next, statement, OpeningOf(opening)));
  SUBROSA_ASSIGN_OR_RETURN(*erasure->mutable_statement_leaf(),
                           SerializeLeaf(leaf));
  erasure->set_statement_opening(opening);
  *erasure->mutable_certificate() = std::move(next);
  return true;
}

absl::Status CertificateIssuer::VisitFiles(
    absl::Span<const v1::StoredErasure> erasures, uint64_t from,
    CertificateVisitor visit) {
  if (erasures.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(LogReader reader, steward_.ReadLog());
  // Where leaves stand that are looked for, by their bytes.
  LeafPlaces places;
  for (const v1::StoredErasure& erasure : erasures) {
    places.emplace(erasure.erased_leaf(), kNowhere);
    places.emplace(erasure.statement_leaf(), kNowhere);
  }
  size_t missing = places.size();
  const absl::Status visited = reader.VisitEntries(
      std::min(from, reader.checkpoint().size), reader.checkpoint().size,
      [&](uint64_t index, absl::string_view entry) {
        const auto place = places.find(entry);
        if (place == places.end()) return absl::OkStatus();
        if (place->second == kNowhere) --missing;
        place->second = index;
        return missing == 0 ? absl::CancelledError("all are found")
                            : absl::OkStatus();
      });
  if (!visited.ok() && !absl::IsCancelled(visited)) return visited;
  // A request may be much older.
  for (const v1::StoredErasure& erasure : erasures) {
    if (erasure.requested_leaf().empty()) continue;
    SUBROSA_ASSIGN_OR_RETURN(
        const std::optional<uint64_t> index,
        reader.FindLastLeaf(MerkleHasher().Leaf(erasure.requested_leaf())));
    places[erasure.requested_leaf()] = index.value_or(kNowhere);
  }
  // Some at a time, so that few files are in memory.
  std::vector<LeafProver> provers;
  for (size_t i = 0; i < ProcessorCount(); ++i) provers.emplace_back(reader);
  for (size_t begin = 0; begin < erasures.size(); begin += kFilesAtOnce) {
    const auto some = erasures.subspan(begin, kFilesAtOnce);
    std::vector<absl::StatusOr<std::string>> files(some.size());
    OnProcessors(some.size() < kWorthThreads ? 1 : provers.size(),
                 [&](size_t which, size_t of) {
                   for (size_t i = which; i < some.size(); i += of) {
                     files[i] = WriteFile(some[i], places, provers[which]);
                   }
                 });
    for (size_t i = 0; i < files.size(); ++i) {
      SUBROSA_RETURN_IF_ERROR(files[i].status());
      SUBROSA_RETURN_IF_ERROR(visit(begin + i, *files[i]));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CertificateIssuer::WriteFile(
    const v1::StoredErasure& erasure, const LeafPlaces& places,
    LeafProver& prover) const {
  if (erasure.statement_leaf().empty()) {
    return absl::FailedPreconditionError(
        "certificate: want one that was issued, got an erasure that is still "
        "to be carried out");
  }
  const auto prove =
      [&](uint64_t index, const std::string& leaf,
          std::optional<LeafOpening> opening) -> absl::StatusOr<TlogProof> {
    if (index == kNowhere) {
      return absl::DataLossError(
          "log: want each leaf of a certificate, got none of one");
    }
    ReceiptExtra extra;
    extra.leaf = leaf;
    extra.opening = std::move(opening);
    return prover.Prove(index, SerializeReceiptExtra(extra));
  };
  CertificateProofs proofs;
  proofs.opening = OpeningOf(erasure.statement_opening());
  SUBROSA_ASSIGN_OR_RETURN(proofs.statement,
                           prove(places.at(erasure.statement_leaf()),
                                 erasure.statement_leaf(), std::nullopt));
  SUBROSA_ASSIGN_OR_RETURN(
      proofs.erased,
      prove(places.at(erasure.erased_leaf()), erasure.erased_leaf(),
            LeafOpening{kErasedConsumer, OpeningOf(erasure.erased_opening()),
                        ""}));
  if (!erasure.requested_leaf().empty()) {
    SUBROSA_ASSIGN_OR_RETURN(proofs.requested,
                             prove(places.at(erasure.requested_leaf()),
                                   erasure.requested_leaf(), std::nullopt));
  }
  if (erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL) {
    for (const uint32_t epoch : erasure.certificate().epoch()) {
      const auto retired = retired_.find(epoch);
      SUBROSA_ASSIGN_OR_RETURN(
          proofs.retired.emplace_back(),
          retired == retired_.end()
              ? prove(kNowhere, "", std::nullopt)
              : prove(retired->second.index, retired->second.bytes,
                      std::nullopt));
    }
  }
  return SerializeCertificate(erasure.certificate(), proofs);
}

absl::StatusOr<std::string> CertificateIssuer::Receipt(
    const v1::StoredErasure& erasure) {
  if (!erasure.keys_destroyed()) {
    return absl::FailedPreconditionError(
        "receipt: want an erasure that is carried out, got one that waits");
  }
  SUBROSA_ASSIGN_OR_RETURN(LogReader reader, steward_.ReadLog());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::optional<uint64_t> index,
      reader.FindLastLeaf(MerkleHasher().Leaf(erasure.erased_leaf())));
  if (!index.has_value()) {
    return absl::DataLossError("log: want the erasure's leaf, got none");
  }
  ReceiptExtra extra;
  extra.leaf = erasure.erased_leaf();
  extra.opening =
      LeafOpening{kErasedConsumer, OpeningOf(erasure.erased_opening()), ""};
  SUBROSA_ASSIGN_OR_RETURN(const TlogProof proof,
                           reader.Prove(*index, SerializeReceiptExtra(extra)));
  return SerializeTlogProof(proof);
}

}  // namespace subrosa
