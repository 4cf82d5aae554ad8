#include "tests/bench/sample_home.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader_options.h"
#include "src/steward/home.h"
#include "tools/sample/output.h"
#include "tools/sample/sample.h"

namespace subrosa {

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench: error: %s\n",
               std::string(status.message()).c_str());
  std::exit(1);
}

ScratchFolder::ScratchFolder() {
  const char* root = std::getenv("TMPDIR");
  path_ =
      std::string(root != nullptr ? root : "/tmp") + "/subrosa-bench-XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) {
    Require(absl::UnavailableError("no scratch folder can be made"));
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ScratchFolder::operator/(const std::string& name) const {
  return path_ + "/" + name;
}

void WriteSampleFile(const sample::Options& options, const std::string& path) {
  absl::StatusOr<sample::Output> output = sample::Output::Open(path);
  Require(output.status());
  Require(sample::WriteSample(options, &*output));
}

std::string SamplePolicy() {
  absl::StatusOr<std::string> policy =
      ReadFile("docs/examples/policy/policy.textproto", kMaxPolicyBytes);
  if (!policy.ok()) {
    Require(absl::NotFoundError(
        "benchmarks read the samples' policy: want to run in the checkout"));
  }
  return *std::move(policy);
}

namespace {

SecretBuffer PassphraseIn(const ScratchFolder& folder) {
  const std::string path = folder / "passphrase";
  Require(ReplaceFile(path, "a bench needs no secret", 0600));
  absl::StatusOr<SecretBuffer> passphrase = ReadSecretFile(path);
  Require(passphrase.status());
  return *std::move(passphrase);
}

}  // namespace

std::unique_ptr<Steward> MakeHome(const ScratchFolder& folder,
                                  const std::string& path) {
  NewHome home;
  home.entity = "rosewater";
  home.policy = SamplePolicy();
  home.cost = KeyringCost::kInteractive;
  Require(CreateHome(path, home, PassphraseIn(folder), SystemClock()));
  return OpenHomeAgain(folder, path);
}

std::unique_ptr<Steward> OpenHomeAgain(const ScratchFolder& folder,
                                       const std::string& path) {
  absl::StatusOr<std::unique_ptr<Steward>> steward =
      Steward::Open(path, PassphraseIn(folder), StewardOptions());
  Require(steward.status());
  return *std::move(steward);
}

VaultOfHome::VaultOfHome(const ScratchFolder& folder, const std::string& path) {
  absl::StatusOr<std::unique_ptr<Keyring>> keyring =
      Keyring::Open(KeyringOf(path), PassphraseIn(folder));
  Require(keyring.status());
  keyring_ = *std::move(keyring);
  absl::StatusOr<std::unique_ptr<Vault>> vault =
      OpenVault(path, *keyring_, clock_);
  Require(vault.status());
  vault_ = *std::move(vault);
}

FeedSummary FeedFile(const std::string& path, Steward& steward) {
  absl::StatusOr<std::unique_ptr<RecordReader>> reader =
      OpenReader(path, ReaderOptions());
  Require(reader.status());
  FeedSummary summary;
  Require(Feed(**reader, steward,
               {[](const RejectedEntry& entry) { Require(entry.status); },
                [](const FeedSummary&, uint64_t) {}},
               &summary));
  return summary;
}

}  // namespace subrosa
