#include "src/crypto/keyring.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/provider_contract.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

const absl::Time kMonday = absl::FromUnixSeconds(1790000000);
constexpr absl::string_view kPassphrase = "canary-2238 passphrase";

SecretBuffer Passphrase(absl::string_view text = kPassphrase) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      UnsafeSecretAccess::Get());
}

std::string BytesOf(const SecretKey& key) {
  return std::string(
      reinterpret_cast<const char*>(key.Bytes(UnsafeSecretAccess::Get())), 32);
}

class KeyringTest : public testing::Test {
 protected:
  KeyringTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    absl::StatusOr<std::unique_ptr<Keyring>> created =
        Keyring::Create(path_, Passphrase(), KeyringCost::kInteractive);
    EXPECT_TRUE(created.ok()) << created.status();
    keyring_ = *std::move(created);
  }

  std::string File() { return *ReadFile(path_, 1 << 22); }

  absl::StatusOr<std::unique_ptr<Keyring>> OpenAgain() {
    return Keyring::Open(path_, Passphrase());
  }

  size_t FilesInFolder() {
    size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      (void)entry;
      ++files;
    }
    return files;
  }

  const std::string folder_ = absl::StrCat(
      testing::TempDir(), "/keyring-",
      testing::UnitTest::GetInstance()->current_test_info()->name());
  const std::string path_ = folder_ + "/keyring";
  std::unique_ptr<Keyring> keyring_;
};

TEST_F(KeyringTest, AKeyringKeepsTheProvidersContract) {
  ExpectKeepsTheContract(keyring_.get());
}

TEST_F(KeyringTest, WhatAKeyringHoldsIsThereAfterOpeningItAgain) {
  const std::string blob = *keyring_->CreateEpoch("acme", 1, kMonday);
  const SecretKey key = *keyring_->OpenEpoch("acme", 1, blob);
  const std::string public_key = *keyring_->CreateSigningKey("log");
  ASSERT_TRUE(keyring_->AdvanceAnchor("tree", 77).ok());

  const std::unique_ptr<Keyring> again = *OpenAgain();

  EXPECT_TRUE(again->OpenEpoch("acme", 1, blob)->Equals(key));
  EXPECT_EQ(*again->PublicKey("log"), public_key);
  EXPECT_EQ(*again->ReadAnchor("tree"), 77u);
}

TEST_F(KeyringTest, TwoProcessesSeeEachOthersChanges) {
  const std::unique_ptr<Keyring> other = *OpenAgain();

  const std::string blob = *keyring_->CreateEpoch("acme", 1, kMonday);
  EXPECT_TRUE(other->OpenEpoch("acme", 1, blob).ok());
  ASSERT_TRUE(other->DestroyEpoch("acme", 1).ok());

  EXPECT_TRUE(absl::IsNotFound(keyring_->OpenEpoch("acme", 1, blob).status()));
}

TEST_F(KeyringTest, DestructionIsAssuranceCAndSaysWhy) {
  ASSERT_TRUE(keyring_->CreateEpoch("acme", 1, kMonday).ok());

  const DestructionEvidence evidence = *keyring_->DestroyEpoch("acme", 1);

  EXPECT_EQ(evidence.assurance, Assurance::kRewrittenFile);
  EXPECT_TRUE(absl::StrContains(evidence.facts, "copies of the file"));
  EXPECT_FALSE(absl::StrContains(evidence.facts, folder_));
}

TEST_F(KeyringTest, TheOldFilesBytesAreOverwrittenWhenItIsReplaced) {
  ASSERT_TRUE(keyring_->CreateEpoch("acme", 1, kMonday).ok());
  const UniqueFd old(open(path_.c_str(), O_RDONLY));
  struct stat status;
  ASSERT_EQ(fstat(old.get(), &status), 0);

  ASSERT_TRUE(keyring_->DestroyEpoch("acme", 1).ok());

  std::string left(static_cast<size_t>(status.st_size), 'x');
  ASSERT_EQ(pread(old.get(), left.data(), left.size(), 0), status.st_size);
  EXPECT_EQ(left, std::string(left.size(), '\0'));
}

TEST_F(KeyringTest, WhatACrashLeftBesideTheFileIsRemoved) {
  const std::string left = path_ + ".new-a1B2c3";
  const std::string unrelated = path_ + ".new-longer-than-that";
  ASSERT_TRUE(ReplaceFile(left, "an older keyring", 0600).ok());
  ASSERT_TRUE(ReplaceFile(unrelated, "somebody's", 0600).ok());

  ASSERT_TRUE(keyring_->AdvanceAnchor("tree", 1).ok());

  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_TRUE(std::filesystem::exists(unrelated));
}

TEST_F(KeyringTest, TheFileIsForItsOwnerAloneAndNothingElseIsLeft) {
  ASSERT_TRUE(keyring_->AdvanceAnchor("tree", 1).ok());

  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST_F(KeyringTest, AFileThatOthersMayTouchIsRefusedWithWhatToDo) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610, 0644, 0666}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);

    const absl::Status status = OpenAgain().status();

    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "chmod 600"));
  }
}

TEST_F(KeyringTest, AWrongPassphraseIsDeniedAndNotRepeated) {
  const absl::Status status =
      Keyring::Open(path_, Passphrase("canary-9911")).status();

  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "check the passphrase file"));
  EXPECT_TRUE(absl::StrContains(status.message(), path_));
  EXPECT_FALSE(absl::StrContains(status.message(), "canary"));
}

TEST_F(KeyringTest, ADamagedFileIsToldFromAWrongPassphrase) {
  std::string bad = File();
  bad[60] = static_cast<char>(bad[60] ^ 1);
  ASSERT_TRUE(ReplaceFile(path_, bad, 0600).ok());

  const absl::Status status = OpenAgain().status();

  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "put back a good copy"));
  EXPECT_TRUE(absl::IsDataLoss(keyring_->ReadAnchor("tree").status()));
}

TEST_F(KeyringTest, WhatIsNoKeyringIsRefused) {
  ASSERT_TRUE(ReplaceFile(path_, "just some text", 0600).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(OpenAgain().status()));

  ASSERT_TRUE(ReplaceFile(path_, "", 0600).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(OpenAgain().status()));

  ASSERT_TRUE(ReplaceFile(path_, std::string(3 << 20, 'x'), 0600).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(OpenAgain().status()));

  ASSERT_EQ(unlink(path_.c_str()), 0);
  EXPECT_TRUE(absl::IsNotFound(OpenAgain().status()));
  EXPECT_TRUE(absl::IsNotFound(keyring_->ReadAnchor("tree").status()));

  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenAgain().status()));

  ASSERT_EQ(rmdir(path_.c_str()), 0);
  ASSERT_EQ(symlink("/etc/passwd", path_.c_str()), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenAgain().status()));
}

TEST_F(KeyringTest, CreatingDoesNotReplaceAFile) {
  const std::string before = File();

  EXPECT_TRUE(absl::IsAlreadyExists(
      Keyring::Create(path_, Passphrase(), KeyringCost::kInteractive)
          .status()));

  EXPECT_EQ(File(), before);
  EXPECT_EQ(FilesInFolder(), 1u);
}

TEST_F(KeyringTest, CreatingInAFolderThatIsNotThereIsNotFound) {
  EXPECT_TRUE(
      absl::IsNotFound(Keyring::Create(folder_ + "/no/keyring", Passphrase(),
                                       KeyringCost::kInteractive)
                           .status()));
}

TEST_F(KeyringTest, AChangeWaitsForTheLockAndThenGivesUpUnchanged) {
  const std::unique_ptr<Keyring> other = *OpenAgain();
  const std::string before = File();
  keyring_->set_lock_wait(absl::ZeroDuration());
  // flock belongs to the open file, so this stands for another process.
  UniqueFd holder(open(path_.c_str(), O_RDWR));
  ASSERT_EQ(flock(holder.get(), LOCK_EX | LOCK_NB), 0);

  const absl::Status status =
      keyring_->CreateEpoch("acme", 1, kMonday).status();

  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "locked by another process"));
  EXPECT_EQ(File(), before);
  EXPECT_TRUE(keyring_->ListEpochs("acme").ok());  // Reading needs no lock.
  holder.Close();
  EXPECT_TRUE(keyring_->CreateEpoch("acme", 1, kMonday).ok());
}

TEST_F(KeyringTest, AnOlderCopyPutBackUnderUsIsRefused) {
  const std::string older = File();
  ASSERT_TRUE(keyring_->AdvanceAnchor("tree", 1).ok());
  ASSERT_TRUE(ReplaceFile(path_, older, 0600).ok());

  const absl::Status status = keyring_->ReadAnchor("tree").status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "an older copy"));
}

TEST_F(KeyringTest, AnotherKeyringPutInItsPlaceIsRefused) {
  const std::string elsewhere = folder_ + "/other";
  ASSERT_TRUE(
      Keyring::Create(elsewhere, Passphrase(), KeyringCost::kInteractive).ok());
  ASSERT_EQ(rename(elsewhere.c_str(), path_.c_str()), 0);

  EXPECT_TRUE(
      absl::IsFailedPrecondition(keyring_->ListEpochs("acme").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring_->AdvanceAnchor("tree", 1)));
}

TEST_F(KeyringTest, AChangedPassphraseOpensAndTheOldOneNoLongerDoes) {
  const std::string blob = *keyring_->CreateEpoch("acme", 1, kMonday);
  const std::unique_ptr<Keyring> other = *OpenAgain();

  ASSERT_TRUE(
      keyring_
          ->ChangePassphrase(Passphrase("a new one"), KeyringCost::kInteractive)
          .ok());

  EXPECT_TRUE(keyring_->OpenEpoch("acme", 1, blob).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(OpenAgain().status()));
  EXPECT_TRUE((*Keyring::Open(path_, Passphrase("a new one")))
                  ->OpenEpoch("acme", 1, blob)
                  .ok());
  const absl::Status status = other->OpenEpoch("acme", 1, blob).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "open it again"));
}

// Stands for a full disk: no file may grow beyond 64 bytes.
class NoRoomForFiles {
 public:
  NoRoomForFiles() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit little = {64, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &little);
  }
  ~NoRoomForFiles() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

TEST_F(KeyringTest, WithoutRoomOnTheDiskTheKeyringStaysAsItWas) {
  const std::string blob = *keyring_->CreateEpoch("acme", 1, kMonday);
  const std::string before = File();
  {
    const NoRoomForFiles full_disk;
    EXPECT_TRUE(absl::IsUnavailable(
        keyring_->CreateEpoch("acme", 2, kMonday).status()));
    EXPECT_TRUE(
        absl::IsUnavailable(keyring_->DestroyEpoch("acme", 1).status()));
    EXPECT_TRUE(
        absl::IsUnavailable(Keyring::Create(folder_ + "/other", Passphrase(),
                                            KeyringCost::kInteractive)
                                .status()));
    EXPECT_TRUE(keyring_->OpenEpoch("acme", 1, blob).ok());
  }

  EXPECT_EQ(File(), before);
  EXPECT_EQ(FilesInFolder(), 1u);
  EXPECT_EQ(keyring_->ListEpochs("acme")->size(), 1u);
  EXPECT_TRUE(keyring_->CreateEpoch("acme", 2, kMonday).ok());
}

TEST_F(KeyringTest, ConcurrentChangesAllHappen) {
  const std::unique_ptr<Keyring> other = *OpenAgain();
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t) {
    Keyring* const keyring = t % 2 == 0 ? keyring_.get() : other.get();
    threads.emplace_back([keyring, t] {
      for (uint32_t i = 0; i < 8; ++i) {
        EXPECT_TRUE(keyring->CreateEpoch("acme", t * 100 + i, kMonday).ok());
        EXPECT_TRUE(keyring->ListEpochs("acme").ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(keyring_->ListEpochs("acme")->size(), 32u);
  EXPECT_EQ(other->ListEpochs("acme")->size(), 32u);
}

TEST_F(KeyringTest, WorkingKeysNeverTouchTheFile) {
  const std::string blob = *keyring_->CreateEpoch("acme", 1, kMonday);
  const SecretKey key = *keyring_->OpenEpoch("acme", 1, blob);

  EXPECT_FALSE(absl::StrContains(File(), BytesOf(key)));
  EXPECT_FALSE(absl::StrContains(blob, BytesOf(key)));
  EXPECT_FALSE(absl::StrContains(File(), "canary"));
}

}  // namespace
}  // namespace subrosa
