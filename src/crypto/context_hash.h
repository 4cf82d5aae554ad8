// The encoding of an EnvelopeContext in derivations. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_CONTEXT_HASH_H_
#define SUBROSA_SRC_CRYPTO_CONTEXT_HASH_H_

#include "src/crypto/envelope_context.h"
#include "src/crypto/keyed_hash.h"

namespace subrosa {

// Adds data_ref (16 bytes), record_ref (16), revision (4), and the names
// entity, schema and purpose. `context` is within its bounds
// (CheckEnvelopeContext), or the encoding would not be injective.
void AddContext(const EnvelopeContext& context, KeyedHash* hash);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_CONTEXT_HASH_H_
