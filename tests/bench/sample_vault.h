// A vault in a scratch folder, and records of 1 KiB to put into it.
#ifndef SUBROSA_TESTS_BENCH_SAMPLE_VAULT_H_
#define SUBROSA_TESTS_BENCH_SAMPLE_VAULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/store/connection.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/bench/sample_home.h"

namespace subrosa {

// Ends the program where something fails.
class SampleVault {
 public:
  SampleVault();

  Vault& vault() { return *vault_; }
  // The same stores as another process has them, with no key opened yet.
  std::unique_ptr<Vault> OpenAnother();
  // Of "keys" or "records".
  std::string PathOf(const std::string& store) const { return folder_ / store; }
  int64_t LastRow();

 private:
  std::unique_ptr<Connection> Connect(const std::string& store, bool create);

  ScratchFolder folder_;
  SystemClock clock_;
  std::unique_ptr<Keyring> keyring_;
  std::unique_ptr<Vault> vault_;
};

// Journal entries whose envelopes are about 1 KiB.
class SampleRecords {
 public:
  // One more record of `consumer`, under the id that the number makes.
  void Add(uint64_t consumer, uint64_t number);
  // The same with words of the caller's.
  void AddText(uint64_t consumer, uint64_t number, std::string text);
  void Clear() { records_.clear(); }

  // What PutBatch takes. Valid until the next Add.
  std::vector<PutItem> Items() const;

  static std::string ConsumerOf(uint64_t consumer);
  static std::string IdOf(uint64_t number);

 private:
  std::vector<v1::HealthRecord> records_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_SAMPLE_VAULT_H_
