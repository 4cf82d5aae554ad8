// The encoding of an EnvelopeContext in derivations. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_CONTEXT_HASH_H_
#define SUBROSA_SRC_CRYPTO_CONTEXT_HASH_H_

#include "src/crypto/envelope_context.h"
#include "src/crypto/keyed_hash.h"

namespace subrosa {

// Adds six parts: entity, data_ref, record_ref, revision (4 bytes, big endian),
// schema, purpose.
void AddContext(const EnvelopeContext& context, KeyedHash* hash);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_CONTEXT_HASH_H_
