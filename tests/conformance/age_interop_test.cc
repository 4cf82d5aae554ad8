// Files to and from the `age` of this machine, a second implementation: what
// Subrosa writes it reads, and the other way round.
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/age_file.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();
constexpr size_t kMaxBytes = 16 << 20;

SecretBuffer Secret(absl::string_view text) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      kAccess);
}

// Runs `age` with `arguments`. It asks its terminal for passphrases, so it gets
// one of its own, on which `typed` is entered. Returns whether it succeeded.
bool RunAge(std::vector<std::string> arguments, const std::string& typed) {
  int terminal;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child < 0) {
    ADD_FAILURE() << "no terminal to run age on";
    return false;
  }
  if (child == 0) {
    std::vector<char*> argv = {const_cast<char*>("age")};
    for (std::string& argument : arguments) argv.push_back(&argument[0]);
    argv.push_back(nullptr);
    execvp("age", argv.data());
    _exit(127);
  }
  // One prompt, one line. What is typed before `age` asks would be flushed.
  size_t entered = 0;
  std::string shown;
  char part[4096];
  for (ssize_t got; (got = read(terminal, part, sizeof(part))) > 0;) {
    shown.append(part, static_cast<size_t>(got));
    while (entered < typed.size() && !shown.empty() &&
           shown.find("passphrase") != std::string::npos) {
      const size_t end = typed.find('\n', entered) + 1;
      if (write(terminal, &typed[entered], end - entered) < 0) break;
      entered = end;
      shown.clear();
    }
  }
  close(terminal);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class AgeInteropTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!RunAge({"--version"}, "")) {
      GTEST_SKIP() << "no `age` on this machine: install Debian's package age";
    }
    folder_ = absl::StrCat(testing::TempDir(), "/interop-XXXXXX");
    ASSERT_NE(mkdtemp(&folder_[0]), nullptr);
  }

  std::string Path(const std::string& name) const {
    return absl::StrCat(folder_, "/", name);
  }

  void Write(const std::string& name, absl::string_view content) const {
    ASSERT_TRUE(ReplaceFile(Path(name), content, 0600).ok());
  }

  std::string Read(const std::string& name) const {
    const absl::StatusOr<std::string> content = ReadFile(Path(name), kMaxBytes);
    return content.ok() ? *content : content.status().ToString();
  }

  // Writes the secret key as `age` wants it.
  void WriteKey(const X25519Identity& identity, const std::string& name) const {
    const SecretBuffer text = *identity.ToSecretText();
    const absl::Span<const uint8_t> bytes = text.Bytes(kAccess);
    Write(name, absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                                  bytes.size()));
  }

  std::string folder_;
};

// Sizes around the edges of chunks and armor lines.
std::vector<std::string> Plaintexts() {
  std::vector<std::string> all;
  for (const size_t size :
       {0, 1, 47, 48, 65535, 65536, 65537, 131072, 300001}) {
    std::string text(size, '\0');
    for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 151);
    all.push_back(text);
  }
  return all;
}

TEST_F(AgeInteropTest, AgeReadsWhatWeWriteBinaryAndArmored) {
  const X25519Identity anna = *X25519Identity::Generate();
  const X25519Identity boris = *X25519Identity::Generate();
  WriteKey(boris, "key");
  int number = 0;
  for (const std::string& text : Plaintexts()) {
    for (const bool armor : {false, true}) {
      const std::string name = absl::StrCat("ours", number++);
      AgeWriteOptions options;
      options.armor = armor;
      Write("plain", text);
      ASSERT_TRUE(AgeEncryptFile(Path("plain"),
                                 {&anna.recipient(), &boris.recipient()},
                                 options, Path(name))
                      .ok());

      EXPECT_TRUE(RunAge(
          {"-d", "-i", Path("key"), "-o", Path(name + ".plain"), Path(name)},
          ""));

      // `age` 1.1 opens its output at the first byte: none, no file.
      if (text.empty()) continue;
      EXPECT_TRUE(Read(name + ".plain") == text) << text.size();
    }
  }
}

TEST_F(AgeInteropTest, WeReadWhatAgeWritesBinaryAndArmored) {
  const X25519Identity anna = *X25519Identity::Generate();
  const std::string to = anna.recipient().ToString();
  const std::string other = X25519Identity::Generate()->recipient().ToString();
  int number = 0;
  for (const std::string& text : Plaintexts()) {
    for (const bool armor : {false, true}) {
      const std::string name = absl::StrCat("theirs", number++);
      Write("plain", text);
      std::vector<std::string> arguments = {"-r", other,      "-r",         to,
                                            "-o", Path(name), Path("plain")};
      if (armor) arguments.insert(arguments.begin(), "-a");
      ASSERT_TRUE(RunAge(arguments, ""));

      const absl::Status status =
          AgeDecryptFile(Path(name), {&anna}, {}, Path(name + ".plain"));

      EXPECT_TRUE(status.ok()) << status;
      EXPECT_TRUE(Read(name + ".plain") == text) << text.size();
    }
  }
}

TEST_F(AgeInteropTest, AgeRefusesOurFileWithAnotherKeyOrCutShort) {
  const X25519Identity anna = *X25519Identity::Generate();
  WriteKey(anna, "key");
  WriteKey(*X25519Identity::Generate(), "other");
  Write("plain", std::string(100000, 'r'));
  ASSERT_TRUE(
      AgeEncryptFile(Path("plain"), {&anna.recipient()}, {}, Path("ours"))
          .ok());
  Write("short", Read("ours").substr(0, 80000));

  EXPECT_FALSE(
      RunAge({"-d", "-i", Path("other"), "-o", Path("a"), Path("ours")}, ""));
  EXPECT_FALSE(
      RunAge({"-d", "-i", Path("key"), "-o", Path("b"), Path("short")}, ""));
}

TEST_F(AgeInteropTest, AgeOpensOurPassphraseFileAndNotWithAnother) {
  Write("plain", "under the rose");
  const ScryptRecipient rose =
      *ScryptRecipient::Create(Secret("correct horse"), 12);
  ASSERT_TRUE(AgeEncryptFile(Path("plain"), {&rose}, {}, Path("ours")).ok());

  EXPECT_TRUE(
      RunAge({"-d", "-o", Path("good"), Path("ours")}, "correct horse\n"));
  EXPECT_FALSE(
      RunAge({"-d", "-o", Path("bad"), Path("ours")}, "wrong horse\n"));

  EXPECT_EQ(Read("good"), "under the rose");
}

TEST_F(AgeInteropTest, WeOpenAgesPassphraseFileAndNotWithAnother) {
  Write("plain", "under the rose");
  ASSERT_TRUE(RunAge({"-p", "-o", Path("theirs"), Path("plain")},
                     "correct horse\ncorrect horse\n"));
  const ScryptIdentity right = *ScryptIdentity::Create(Secret("correct horse"));
  const ScryptIdentity wrong = *ScryptIdentity::Create(Secret("wrong horse"));

  const absl::Status opened =
      AgeDecryptFile(Path("theirs"), {&right}, {}, Path("good"));
  const absl::Status denied =
      AgeDecryptFile(Path("theirs"), {&wrong}, {}, Path("bad"));

  EXPECT_TRUE(opened.ok()) << opened;
  EXPECT_EQ(Read("good"), "under the rose");
  EXPECT_TRUE(absl::IsPermissionDenied(denied)) << denied;
}

}  // namespace
}  // namespace subrosa
