// What every KeyProvider must do, as one function that a provider's test calls
// with a fresh provider. Gtest's expectations report what fails.
#ifndef SUBROSA_SRC_CRYPTO_PROVIDER_CONTRACT_H_
#define SUBROSA_SRC_CRYPTO_PROVIDER_CONTRACT_H_

#include "src/crypto/key_provider.h"

namespace subrosa {

// `provider` holds nothing yet.
void ExpectKeepsTheContract(KeyProvider* provider);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_PROVIDER_CONTRACT_H_
