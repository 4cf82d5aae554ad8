#include "tools/subrosa/session.h"

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;

}  // namespace

Session::Session(CommandLine* line) {
  line->AddOption("--home", &home_,
                  "Folder of the installation [$SUBROSA_HOME or "
                  "./subrosa-home]");
  line->AddOption("--passphrase-file", &passphrase_file_,
                  "File with the keyring's passphrase", Need::kRequired);
  line->AddOption("--descriptor-set", &descriptor_set_,
                  "Your own messages, by protoc --include_imports "
                  "--descriptor_set_out");
  line->AddChoice("--format", &format_, {{"text", 0}, {"json", 1}},
                  "How to print the result [text]");
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
                           ReadSecretFile(passphrase_file_));
  SUBROSA_ASSIGN_OR_RETURN(
      steward_, Steward::Open(HomeFolder(home_), passphrase, options));
  return steward_.get();
}

ConsumerArgument::ConsumerArgument(CommandLine* line) {
  line->AddArguments("consumer", &given_, "The consumer's account id");
  line->AddOption("--consumer-file", &file_,
                  "Read the id from a file, or from standard input for -, and "
                  "keep it out of the list of processes");
}

absl::StatusOr<std::string> ConsumerArgument::Read() {
  std::string consumer;
  if (given_.size() + (file_.empty() ? 0 : 1) != 1) {
    return absl::InvalidArgumentError(
        "consumer: want one account id, or --consumer-file");
  }
  if (!given_.empty()) {
    consumer = given_.front();
  } else {
    SUBROSA_ASSIGN_OR_RETURN(
        consumer, ReadFile(file_ == "-" ? "/dev/stdin" : file_, 4096));
    while (!consumer.empty() &&
           (consumer.back() == '\n' || consumer.back() == '\r')) {
      consumer.pop_back();
    }
  }
  if (consumer.empty() || consumer.size() > kMaxConsumerBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("consumer: want 1 to ", kMaxConsumerBytes, " bytes, got ",
                     consumer.size()));
  }
  return consumer;
}

}  // namespace subrosa
