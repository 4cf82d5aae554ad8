// Measures the crypto room against the bare ciphers that it is built on, in the
// same run.
//
// usage: crypto_bench [--json]
#include <openssl/evp.h>
#include <sodium.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/libcrypto_cipher.h"
#include "src/crypto/prf.h"
#include "src/crypto/row_tag.h"
#include "src/crypto/secret_key.h"
#include "tests/bench/allocation_count.h"
#include "tests/bench/figures.h"

namespace subrosa {
namespace {

constexpr int kRounds = 101;

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "crypto_bench: error: %s\n", what.c_str());
  std::exit(1);
}

EnvelopeContext Context() {
  EnvelopeContext context;
  context.entity = "rosewater";
  context.data_ref = "0123456789abcdef";
  context.record_ref = "fedcba9876543210";
  context.revision = 1;
  context.schema = "subrosa.v1.JournalEntry";
  context.purpose = "sleep-coaching";
  return context;
}

// An envelope of `size` bytes, sealed and opened in the caller's buffers.
class Bench {
 public:
  Bench(size_t size, Suite suite) : plaintext_(size, 'p'), opened_(size) {
    options_.suite = suite;
    envelope_.resize(SealedSize(size, options_));
  }

  void SealIt() {
    if (!SealTo(key_, KeyRef(), Context(), plaintext_, options_,
                absl::MakeSpan(envelope_))
             .ok()) {
      Fail("an envelope was not sealed");
    }
  }

  void OpenIt() {
    if (!OpenTo(key_, Context(),
                absl::string_view(reinterpret_cast<char*>(envelope_.data()),
                                  envelope_.size()),
                absl::MakeSpan(opened_))
             .ok()) {
      Fail("an envelope did not open");
    }
  }

 private:
  const SecretKey key_ = *SecretKey::Random();
  const std::string plaintext_;
  SealOptions options_;
  std::vector<uint8_t> envelope_;
  std::vector<uint8_t> opened_;
};

// libsodium's XChaCha20-Poly1305 alone, one key and nonce: no derivation, no
// commitment, no context.
class BareXChaCha {
 public:
  explicit BareXChaCha(size_t size) : plain_(size, 'p'), sealed_(size + 16) {
    randombytes_buf(key_, sizeof(key_));
    SealIt();
  }

  void SealIt() {
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed_.data(), nullptr, plain_.data(), plain_.size(), nullptr, 0,
        nullptr, nonce_, key_);
  }

  void OpenIt() {
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain_.data(), nullptr, nullptr, sealed_.data(), sealed_.size(),
            nullptr, 0, nonce_, key_) != 0) {
      Fail("libsodium did not open what it sealed");
    }
  }

 private:
  uint8_t key_[32];
  uint8_t nonce_[24] = {};
  std::vector<uint8_t> plain_;
  std::vector<uint8_t> sealed_;
};

// libcrypto's AES-256-GCM alone, in a context that is kept, with a new key each
// time.
class BareAesGcm {
 public:
  explicit BareAesGcm(size_t size) : plain_(size, 'p'), sealed_(size + 16) {
    if (EVP_EncryptInit_ex2(context_, EVP_aes_256_gcm(), key_, nonce_,
                            nullptr) != 1) {
      Fail("libcrypto has no AES-256-GCM");
    }
  }
  ~BareAesGcm() { EVP_CIPHER_CTX_free(context_); }

  void SealIt() {
    ++key_[0];
    int size = 0;
    EVP_EncryptInit_ex2(context_, nullptr, key_, nonce_, nullptr);
    EVP_EncryptUpdate(context_, sealed_.data(), &size, plain_.data(),
                      static_cast<int>(plain_.size()));
    EVP_EncryptFinal_ex(context_, sealed_.data() + size, &size);
    EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, 16,
                        sealed_.data() + plain_.size());
  }

 private:
  EVP_CIPHER_CTX* const context_ = EVP_CIPHER_CTX_new();
  uint8_t key_[32] = {};
  uint8_t nonce_[12] = {};
  std::vector<uint8_t> plain_;
  std::vector<uint8_t> sealed_;
};

std::string SizeName(size_t size) { return absl::StrCat(size >> 10, " KiB"); }

Figure TimeFigure(const std::string& name, const std::string& baseline,
                  const Comparison& comparison) {
  Figure figure;
  figure.name = name;
  figure.unit = "ns";
  figure.value = comparison.seconds * 1e9;
  figure.baseline = baseline;
  figure.baseline_value = comparison.baseline_seconds * 1e9;
  figure.ratio = comparison.time_ratio;
  return figure;
}

void AddSuiteOne(std::vector<Figure>* figures) {
  const struct {
    size_t size;
    double at_most;
  } kSizes[] = {{1 << 10, 1.7}, {4 << 10, 1.0}, {64 << 10, 0.6}};
  for (const auto& [size, at_most] : kSizes) {
    Bench ours(size, Suite::kChaCha20Poly1305);
    BareXChaCha bare(size);
    Figure seal = TimeFigure(
        absl::StrCat("seal, suite 1, ", SizeName(size)),
        "bare XChaCha20-Poly1305",
        Compare(
            kRounds, [&] { ours.SealIt(); }, [&] { bare.SealIt(); }));
    Figure open = TimeFigure(
        absl::StrCat("open, suite 1, ", SizeName(size)),
        "bare XChaCha20-Poly1305",
        Compare(
            kRounds, [&] { ours.OpenIt(); }, [&] { bare.OpenIt(); }));
    seal.goal = open.goal = Goal::kAtMost;
    seal.bound = open.bound = at_most;
    figures->push_back(seal);
    figures->push_back(open);
  }
}

void AddSuiteTwo(std::vector<Figure>* figures) {
  constexpr size_t kSize = 64 << 10;
  Bench ours(kSize, Suite::kAes256Gcm);
  BareAesGcm bare(kSize);
  const Comparison comparison = Compare(
      kRounds, [&] { ours.SealIt(); }, [&] { bare.SealIt(); });
  Figure figure;
  figure.name = "seal, suite 2, 64 KiB";
  figure.unit = "GB/s";
  figure.value = kSize / comparison.seconds / 1e9;
  figure.baseline = "AES-256-GCM, new key each";
  figure.baseline_value = kSize / comparison.baseline_seconds / 1e9;
  figure.ratio = 1 / comparison.time_ratio;
  figure.goal = Goal::kAtLeast;
  figure.bound = 0.93;
  figures->push_back(figure);
}

void AddAllocations(std::vector<Figure>* figures) {
  for (const Suite suite : {Suite::kChaCha20Poly1305, Suite::kAes256Gcm}) {
    size_t allocations = 0;
    for (const size_t size : {size_t{1} << 10, size_t{64} << 10}) {
      Bench bench(size, suite);
      bench.SealIt();  // The thread's first call.
      bench.OpenIt();
      const size_t before = AllocationCount();
      for (int i = 0; i < 1000; ++i) {
        bench.SealIt();
        bench.OpenIt();
      }
      allocations += AllocationCount() - before;
    }
    Figure figure;
    figure.name =
        absl::StrCat("heap allocations in 2000 seals and opens, suite ",
                     static_cast<int>(suite));
    figure.unit = "allocations";
    figure.value = static_cast<double>(allocations);
    figure.goal = Goal::kAtMost;
    figure.bound = 0;
    figures->push_back(figure);
  }
}

// Both sides of the length from which libcrypto does suite 1's cipher.
void AddCrossover(std::vector<Figure>* figures) {
  for (const size_t size : {512, 1024, 1536, 2048, 4096}) {
    std::vector<uint8_t> plain(size, 'p');
    std::vector<uint8_t> sealed(size + 16);
    const uint8_t aad[84] = {};
    uint8_t key[32] = {1};
    const uint8_t nonce[12] = {};
    LibcryptoCipher cipher("ChaCha20-Poly1305");
    figures->push_back(
        TimeFigure(absl::StrCat("cipher of suite 1 by libcrypto, ", size, " B"),
                   "by libsodium",
                   Compare(
                       kRounds,
                       [&] {
                         ++key[0];
                         cipher.Seal(key, aad, plain, absl::MakeSpan(sealed));
                       },
                       [&] {
                         ++key[0];
                         crypto_aead_chacha20poly1305_ietf_encrypt(
                             sealed.data(), nullptr, plain.data(), plain.size(),
                             aad, sizeof(aad), nullptr, nonce, key);
                       })));
  }
}

Figure Alone(const std::string& name, const std::string& unit, double value) {
  Figure figure;
  figure.name = name;
  figure.unit = unit;
  figure.value = value;
  return figure;
}

void AddKeysAndTags(std::vector<Figure>* figures) {
  const SecretKey old_epoch = *SecretKey::Random();
  const SecretKey new_epoch = *SecretKey::Random();
  const SecretKey consumer = *SecretKey::Random();
  const std::string context(60, 'c');
  const std::string wrapped = *WrapKey(old_epoch, consumer, context);
  figures->push_back(
      Alone("rewrap a consumer key into the next epoch", "ns",
            1e9 * SecondsOf(kRounds, [&] {
              if (!WrapKey(new_epoch, *UnwrapKey(old_epoch, wrapped, context),
                           context)
                       .ok()) {
                Fail("a key was not wrapped");
              }
            })));
  const std::string kilobyte(1024, 'k');
  volatile uint8_t sink = 0;
  figures->push_back(
      Alone("PRF of 20 B", "ns", 1e9 * SecondsOf(kRounds, [&] {
                                   sink = Prf(consumer, "token",
                                              {"01234567890123456789"})[0];
                                 })));
  figures->push_back(Alone("PRF of 1 KiB", "ns", 1e9 * SecondsOf(kRounds, [&] {
                                                   sink = Prf(consumer, "token",
                                                              {kilobyte})[0];
                                                 })));
  RowColumns columns;
  columns.source = "ios-app";
  const int32_t days[] = {20000, 20000};
  columns.days = days;
  figures->push_back(Alone("row tag", "ns", 1e9 * SecondsOf(kRounds, [&] {
                                              sink = RowTag(consumer, Context(),
                                                            columns)[0];
                                            })));
  figures->push_back(
      Alone("make and release a key", "ns", 1e9 * SecondsOf(kRounds, [&] {
                                              if (!consumer.Clone().ok())
                                                Fail("no key");
                                            })));
}

int Run(bool json) {
  std::vector<Figure> figures;
  AddSuiteOne(&figures);
  AddSuiteTwo(&figures);
  AddAllocations(&figures);
  AddCrossover(&figures);
  AddKeysAndTags(&figures);
  return PrintFigures("crypto", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") != 0) {
      std::fprintf(stderr, "usage: crypto_bench [--json]\n");
      return 2;
    }
    json = true;
  }
  return subrosa::Run(json);
}
