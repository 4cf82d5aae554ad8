#include "tools/subrosa/session.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;

absl::StatusOr<std::string> CheckId(std::string consumer) {
  if (consumer.empty() || consumer.size() > kMaxConsumerBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("consumer: want 1 to ", kMaxConsumerBytes, " bytes, got ",
                     consumer.size()));
  }
  return consumer;
}

}  // namespace

HomeArguments::HomeArguments(CommandLine* line, Need passphrase) {
  line->AddOption("--home", &home_,
                  "Folder of the installation [$SUBROSA_HOME or "
                  "./subrosa-home]");
  line->AddOption("--passphrase-file", &passphrase_file_,
                  "File with the keyring's passphrase", passphrase);
  line->AddChoice("--format", &format_, {{"text", 0}, {"json", 1}},
                  "How to print the result [text]");
}

std::string HomeArguments::folder() const { return HomeFolder(home_); }

absl::StatusOr<SecretBuffer> HomeArguments::ReadPassphrase() const {
  return ReadSecretFile(passphrase_file_);
}

absl::StatusOr<std::unique_ptr<Steward>> OpenSteward(
    const HomeArguments& home) {
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer passphrase,
                           home.ReadPassphrase());
  return Steward::Open(home.folder(), passphrase, StewardOptions());
}

Session::Session(CommandLine* line) : home_(line, Need::kRequired) {
  line->AddOption("--descriptor-set", &descriptor_set_,
                  "Your own messages, by protoc --include_imports "
                  "--descriptor_set_out");
}

std::string HomeFolder(const std::string& flag) {
  if (!flag.empty()) return flag;
  const char* variable = std::getenv("SUBROSA_HOME");
  return variable != nullptr && *variable != '\0' ? variable : "subrosa-home";
}

absl::StatusOr<Steward*> Session::Open() {
  StewardOptions options;
  if (!descriptor_set_.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(types_,
                             MessageTypes::LoadDescriptorSet(descriptor_set_));
    options.types = types_.get();
  }
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer passphrase,
                           home_.ReadPassphrase());
  SUBROSA_ASSIGN_OR_RETURN(steward_,
                           Steward::Open(home_.folder(), passphrase, options));
  return steward_.get();
}

absl::StatusOr<std::string> ReadConsumerFile(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(std::string consumer,
                           ReadFile(path == "-" ? "/dev/stdin" : path, 4096));
  while (!consumer.empty() &&
         (consumer.back() == '\n' || consumer.back() == '\r')) {
    consumer.pop_back();
  }
  return CheckId(std::move(consumer));
}

ConsumerArgument::ConsumerArgument(CommandLine* line) {
  line->AddArguments("consumer", &given_, "The consumer's account id");
  line->AddOption("--consumer-file", &file_,
                  "Read the id from a file, or from standard input for -, and "
                  "keep it out of the list of processes");
}

absl::StatusOr<std::string> ConsumerArgument::Read() {
  if (given_.size() + (file_.empty() ? 0 : 1) != 1) {
    return absl::InvalidArgumentError(
        "consumer: want one account id, or --consumer-file");
  }
  return given_.empty() ? ReadConsumerFile(file_) : CheckId(given_.front());
}

}  // namespace subrosa
