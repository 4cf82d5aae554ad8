// What benchmarks of the whole path need: a scratch folder, a home in it, files
// of sample records.
#ifndef SUBROSA_TESTS_BENCH_SAMPLE_HOME_H_
#define SUBROSA_TESTS_BENCH_SAMPLE_HOME_H_

#include <memory>
#include <string>

#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/steward/feed.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "tools/sample/options.h"

namespace subrosa {

// A folder below $TMPDIR, or /tmp, that is removed at the end. Ends the program
// with a message where something fails: benchmarks have nobody to report to.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  std::string operator/(const std::string& name) const;

 private:
  std::string path_;
};

// Writes sample records to `path`.
void WriteSampleFile(const sample::Options& options, const std::string& path);

// The policy of the entity whose records the samples are.
std::string SamplePolicy();

// Makes and opens a home at `path`, with the least key derivation.
std::unique_ptr<Steward> MakeHome(const ScratchFolder& folder,
                                  const std::string& path);

// Opens it once more.
std::unique_ptr<Steward> OpenHomeAgain(const ScratchFolder& folder,
                                       const std::string& path);

// The vault of the home at `path`, past its steward: for comparison.
class VaultOfHome {
 public:
  VaultOfHome(const ScratchFolder& folder, const std::string& path);
  Vault& vault() { return *vault_; }

 private:
  SystemClock clock_;
  std::unique_ptr<Keyring> keyring_;
  std::unique_ptr<Vault> vault_;
};

// Takes every record of the file `path`, all of which are good.
FeedSummary FeedFile(const std::string& path, Steward& steward);

// Ends the program unless `status` is OK.
void Require(const absl::Status& status);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_SAMPLE_HOME_H_
