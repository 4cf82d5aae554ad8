// Measures age: ours, in memory on the machine's cores, against Debian's `age`
// to /dev/null, in turns, so that both see the same machine. Values are medians
// of the runs, the ratio too.
//
// usage: crypto_age_bench [--json] [--mib=1024] [--runs=5]
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_reader.h"
#include "src/crypto/age_writer.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/unsafe_secret_access.h"
#include "tests/bench/figures.h"

extern char** environ;

namespace subrosa {
namespace {

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "crypto_age_bench: error: %s\n",
               std::string(what).c_str());
  std::exit(1);
}

void CheckOk(const absl::Status& status) {
  if (!status.ok()) Fail(status.ToString());
}

// A file in memory, which another process can read too.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("subrosa-bench", 0)) {
    if (fd_ < 0) Fail("no memory files on this system");
  }
  ~MemoryFile() {
    if (map_ != nullptr) munmap(map_, size_);
    close(fd_);
  }

  int fd() const { return fd_; }
  std::string path() const {
    return absl::StrCat("/proc/", getpid(), "/fd/", fd_);
  }

  // The content, read into memory before anything is measured.
  absl::string_view Map() {
    if (map_ == nullptr) {
      size_ = static_cast<size_t>(lseek(fd_, 0, SEEK_END));
      map_ = mmap(nullptr, size_, PROT_READ, MAP_SHARED | MAP_POPULATE, fd_, 0);
      if (map_ == MAP_FAILED) Fail("no memory");
    }
    return absl::string_view(static_cast<const char*>(map_), size_);
  }

 private:
  int fd_;
  void* map_ = nullptr;
  size_t size_ = 0;
};

// Takes and forgets, as /dev/null does.
class NullSink : public ByteSink {
 public:
  absl::Status Append(absl::string_view bytes) override {
    taken_ += bytes.size();
    return absl::OkStatus();
  }
  size_t taken() const { return taken_; }

 private:
  size_t taken_ = 0;
};

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Runs `age` with `arguments`, its input from `in`, its output to /dev/null.
void RunAge(std::vector<std::string> arguments, const MemoryFile& in) {
  std::vector<char*> argv = {const_cast<char*>("age")};
  for (std::string& argument : arguments) argv.push_back(&argument[0]);
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in.path().c_str(),
                                   O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY,
                                   0);
  pid_t child;
  if (posix_spawnp(&child, "age", &files, nullptr, argv.data(), environ) != 0) {
    Fail("no `age` to compare with: install Debian's package age");
  }
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) Fail("`age` failed");
}

class Bench {
 public:
  Bench(size_t mib, int runs)
      : bytes_(mib << 20), runs_(runs), identity_(MakeIdentity()) {
    FillPlaintext();
    FdSink key(key_file_.fd(), "key");
    absl::StatusOr<SecretBuffer> text = identity_.ToSecretText();
    CheckOk(text.status());
    const auto secret = text->Bytes(UnsafeSecretAccess::Get());
    CheckOk(key.Append(absl::string_view(
        reinterpret_cast<const char*>(secret.data()), secret.size())));
    WriteSealed(false, &sealed_);
    WriteSealed(true, &armored_);
  }

  std::vector<Figure> Run() {
    const std::string to = identity_.recipient().ToString();
    const std::string key = key_file_.path();
    return {
        Compare(
            "age encrypt", 2, [this] { Encrypt(false); },
            [&] {
              RunAge({"-r", to}, plaintext_);
            }),
        Compare(
            "age decrypt", 2, [this] { Decrypt(&sealed_); },
            [&] {
              RunAge({"-d", "-i", key}, sealed_);
            }),
        Compare(
            "age encrypt, armored", 4, [this] { Encrypt(true); },
            [&] {
              RunAge({"-a", "-r", to}, plaintext_);
            }),
        Compare(
            "age decrypt, armored", 4, [this] { Decrypt(&armored_); },
            [&] {
              RunAge({"-d", "-i", key}, armored_);
            }),
    };
  }

 private:
  static X25519Identity MakeIdentity() {
    absl::StatusOr<X25519Identity> identity = X25519Identity::Generate();
    CheckOk(identity.status());
    return *std::move(identity);
  }

  void FillPlaintext() {
    FdSink file(plaintext_.fd(), "plaintext");
    std::string block(1 << 20, '\0');
    for (size_t i = 0; i < bytes_ >> 20; ++i) {
      std::memcpy(&block[0], &i, sizeof(i));
      CheckOk(file.Append(block));
    }
  }

  void WriteSealed(bool armor, MemoryFile* out) {
    AgeWriteOptions options;
    options.armor = armor;
    StringSource source(plaintext_.Map());
    FdSink sink(out->fd(), "sealed");
    CheckOk(AgeEncrypt(&source, {&identity_.recipient()}, options, &sink));
    out->Map();
  }

  void Encrypt(bool armor) {
    AgeWriteOptions options;
    options.armor = armor;
    StringSource source(plaintext_.Map());
    NullSink sink;
    CheckOk(AgeEncrypt(&source, {&identity_.recipient()}, options, &sink));
    if (sink.taken() < bytes_) Fail("not everything was encrypted");
  }

  void Decrypt(MemoryFile* sealed) {
    StringSource source(sealed->Map());
    NullSink sink;
    CheckOk(AgeDecrypt(&source, {&identity_}, AgeReadOptions(), &sink));
    if (sink.taken() != bytes_) Fail("not everything was decrypted");
  }

  Figure Compare(const std::string& name, double at_least,
                 const std::function<void()>& ours,
                 const std::function<void()>& theirs) {
    ours();  // Once to warm up.
    std::vector<double> rates;
    std::vector<double> baseline_rates;
    std::vector<double> ratios;
    for (int i = 0; i < runs_; ++i) {
      const double their_seconds = Seconds(theirs);
      const double our_seconds = Seconds(ours);
      rates.push_back(bytes_ / our_seconds / 1e9);
      baseline_rates.push_back(bytes_ / their_seconds / 1e9);
      ratios.push_back(their_seconds / our_seconds);
    }
    Figure figure;
    figure.name = name;
    figure.unit = "GB/s";
    figure.value = Median(rates);
    figure.baseline = "Debian age to /dev/null";
    figure.baseline_value = Median(baseline_rates);
    figure.ratio = Median(ratios);
    figure.goal = Goal::kAtLeast;
    figure.bound = at_least;
    return figure;
  }

  const size_t bytes_;
  const int runs_;
  X25519Identity identity_;
  MemoryFile key_file_;
  MemoryFile plaintext_;
  MemoryFile sealed_;
  MemoryFile armored_;
};

int Main(int argc, char** argv) {
  bool json = false;
  int mib = 1024;
  int runs = 5;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (argument == "--json") {
      json = true;
    } else if (!(absl::ConsumePrefix(&argument, "--mib=") &&
                 absl::SimpleAtoi(argument, &mib) && mib >= 1) &&
               !(absl::ConsumePrefix(&argument, "--runs=") &&
                 absl::SimpleAtoi(argument, &runs) && runs >= 1)) {
      std::fprintf(stderr,
                   "usage: crypto_age_bench [--json] [--mib=N] [--runs=N]\n");
      return 2;
    }
  }
  PrintFigures("crypto", Bench(static_cast<size_t>(mib), runs).Run(), json);
  return 0;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) { return subrosa::Main(argc, argv); }
