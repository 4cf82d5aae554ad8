#include "src/exports/copy_log.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

constexpr PrfLabel kContentLabel("copy content");

}  // namespace

absl::Status LogCopy(Vault& vault, const Clock& clock,
                     absl::string_view consumer, absl::string_view sha256) {
  KeyStore& keys = vault.keys();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys.Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           keys.StableSecretOf(*handle));
  Leaf leaf = NewLeaf(LeafKind::kCopyGiven, DayOf(clock.Now()));
  // The stable secret and the leaf's tag give the opening again, for a receipt
  // that the consumer asks for later.
  const Opening opening = DeriveOpening(secret, leaf.tag);
  SUBROSA_ASSIGN_OR_RETURN(const Commitment to_consumer,
                           Commit(opening, kLeafConsumerLabel, {consumer, ""}));
  SUBROSA_ASSIGN_OR_RETURN(const Commitment to_content,
                           Commit(opening, kContentLabel, {sha256}));
  leaf.commitments = {to_consumer, to_content};
  SUBROSA_ASSIGN_OR_RETURN(const std::string bytes, SerializeLeaf(leaf));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys.ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault.records().Begin());
  SUBROSA_RETURN_IF_ERROR(vault.records().AppendEntries({bytes}, keys_seen));
  return transaction.Commit();
}

}  // namespace subrosa
