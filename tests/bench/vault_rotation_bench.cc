// Rotation of a key store of a million consumers, beside what the keys alone
// cost, while another process's connection reads and writes; then its check.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/envelope.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_check.h"
#include "src/vault/key_store.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr size_t kConsumersAtOnce = 10000;

// $SUBROSA_BENCH_CONSUMERS, a million unless told.
size_t ConsumerCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_CONSUMERS");
  return text == nullptr ? 1'000'000 : static_cast<size_t>(std::atoll(text));
}

std::unique_ptr<Connection> Connect(const std::string& path, bool create) {
  SqliteOptions options;
  options.create = create;
  auto connection = OpenSqlite(path, options);
  Require(connection.status());
  return *std::move(connection);
}

void MakeConsumers(KeyStore& store, size_t count) {
  std::vector<std::string> ids;
  for (size_t i = 0; i < count;) {
    ids.clear();
    for (; i < count && ids.size() < kConsumersAtOnce; ++i) {
      ids.push_back(absl::StrCat("c-", i));
    }
    Require(store.FindOrCreate(ids).status());
  }
}

// Seconds to unwrap and wrap a key for each of `count` consumers.
double RewrapAlone(size_t count) {
  const auto working = SecretKey::Random();
  Require(working.status());
  const auto wrapped = EntityKeys::Create(*working, "bench", 1);
  Require(wrapped.status());
  auto keys = EntityKeys::Open(*working->Clone(), "bench", 1, *wrapped);
  Require(keys.status());
  const auto key = SecretKey::Random();
  const auto sealed = keys->WrapConsumerKey(KeyRef(), *key);
  Require(sealed.status());
  const auto start = std::chrono::steady_clock::now();
  for (size_t i = 0; i < count; ++i) {
    const auto opened = keys->UnwrapConsumerKey(KeyRef(), *sealed);
    Require(keys->WrapConsumerKey(KeyRef(), *opened).status());
  }
  return SecondsSince(start);
}

int Main(bool json) {
  const ScratchFolder folder;
  Require(ReplaceFile(folder / "passphrase", "no secret", 0600));
  const auto passphrase = ReadSecretFile(folder / "passphrase");
  Require(passphrase.status());
  const auto keyring = Keyring::Create(folder / "keyring", *passphrase,
                                       KeyringCost::kInteractive);
  Require(keyring.status());
  const SystemClock clock;
  const size_t consumers = ConsumerCount();
  auto store = KeyStore::Create(Connect(folder / "keys", true), **keyring,
                                "bench", clock);
  Require(store.status());
  MakeConsumers(**store, consumers);

  // A service that goes on finding consumers and making new ones.
  std::atomic<bool> done{false};
  std::atomic<double> slowest{0};
  int64_t served = 0;
  std::thread service([&] {
    auto other =
        KeyStore::Open(Connect(folder / "keys", false), **keyring, clock);
    Require(other.status());
    while (!done) {
      const auto start = std::chrono::steady_clock::now();
      Require((*other)
                  ->Find(absl::StrCat(
                      "c-", static_cast<size_t>(served) * 7919 % consumers))
                  .status());
      if (served % 16 == 0) {
        Require(
            (*other)->FindOrCreate({absl::StrCat("new-", served)}).status());
      }
      slowest = std::max(slowest.load(), SecondsSince(start));
      ++served;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const auto start = std::chrono::steady_clock::now();
  const auto rotated = (*store)->Rotation().Rotate(nullptr);
  const double seconds = SecondsSince(start);
  done = true;
  service.join();
  Require(rotated.status());
  const auto check_start = std::chrono::steady_clock::now();
  const auto check = CheckKeys((*store)->Tables(), **keyring, nullptr);
  const double check_seconds = SecondsSince(check_start);
  Require(check.status());
  if (!check->ok()) {
    std::fprintf(stderr, "the check found %zu kinds of faults\n",
                 check->findings.size());
    return 1;
  }

  std::vector<Figure> figures(4);
  figures[0].name =
      absl::StrCat("rotation of ", consumers, " consumers, a service going on");
  figures[0].unit = "s";
  figures[0].value = seconds;
  figures[0].goal = Goal::kAtMost;
  figures[0].bound = 10;
  figures[1].name = "the same, beside the keys alone";
  figures[1].unit = "s";
  figures[1].value = seconds;
  figures[1].baseline = "unwrapping and wrapping the keys in memory";
  figures[1].baseline_value = RewrapAlone(consumers);
  figures[1].ratio = seconds / figures[1].baseline_value;
  figures[2].name = "slowest answer of the service meanwhile";
  figures[2].unit = "ms";
  figures[2].value = 1e3 * slowest;
  figures[3].name = "check of their keys and entries";
  figures[3].unit = "s";
  figures[3].value = check_seconds;
  return PrintFigures("vault", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: vault_rotation_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
