#include "src/crypto/age_file.h"

#include "absl/strings/string_view.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_io.h"

namespace subrosa {
namespace {

class NewFileSink : public ByteSink {
 public:
  explicit NewFileSink(NewFile* file) : file_(file) {}
  absl::Status Append(absl::string_view bytes) override {
    return file_->Append(bytes);
  }

 private:
  NewFile* file_;
};

}  // namespace

absl::Status AgeEncryptFile(const std::string& plaintext_path,
                            absl::Span<const AgeRecipient* const> recipients,
                            const AgeWriteOptions& options,
                            const std::string& age_path) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd in, OpenForReading(plaintext_path));
  SUBROSA_ASSIGN_OR_RETURN(NewFile out, NewFile::Create(age_path));
  NewFileSink sink(&out);
  FdSource source(in.get(), plaintext_path);
  SUBROSA_RETURN_IF_ERROR(AgeEncrypt(&source, recipients, options, &sink));
  return out.Publish();
}

absl::Status AgeDecryptFile(const std::string& age_path,
                            absl::Span<const AgeIdentity* const> identities,
                            const AgeReadOptions& options,
                            const std::string& plaintext_path) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd in, OpenForReading(age_path));
  SUBROSA_ASSIGN_OR_RETURN(NewFile out, NewFile::Create(plaintext_path));
  NewFileSink sink(&out);
  FdSource source(in.get(), age_path);
  SUBROSA_RETURN_IF_ERROR(
      Annotate(AgeDecrypt(&source, identities, options, &sink), age_path));
  return out.Publish();
}

}  // namespace subrosa
