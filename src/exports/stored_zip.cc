#include "src/exports/stored_zip.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"
#include "src/exports/deflate_pieces.h"

namespace subrosa {
namespace {

// What a zip says of a file before it.
class Measure : public ByteSink {
 public:
  absl::Status Append(absl::string_view bytes) override {
    crc32_ = Crc32(crc32_, bytes);
    bytes_ += bytes.size();
    return absl::OkStatus();
  }

  uint32_t crc32() const { return crc32_; }
  uint64_t bytes() const { return bytes_; }

 private:
  uint32_t crc32_ = 0;
  uint64_t bytes_ = 0;
};

// On the way into the zip.
class Passage final : public Measure {
 public:
  explicit Passage(ByteSink* out) : out_(out) { digest_.Begin(); }

  absl::Status Append(absl::string_view bytes) override {
    digest_.Add(bytes);
    SUBROSA_RETURN_IF_ERROR(Measure::Append(bytes));
    return out_->Append(bytes);
  }

  std::string Sha256Of() {
    const auto digest = digest_.Finish();
    return std::string(reinterpret_cast<const char*>(digest.data()),
                       digest.size());
  }

 private:
  ByteSink* const out_;
  Sha256 digest_;
};

}  // namespace

absl::Status StoredZip::Add(absl::string_view name,
                            absl::FunctionRef<absl::Status(ByteSink*)> write) {
  Measure measure;
  SUBROSA_RETURN_IF_ERROR(write(&measure));
  SUBROSA_RETURN_IF_ERROR(
      zip_.Begin({name, measure.crc32(), measure.bytes(), measure.bytes(),
                  /*is_deflated=*/false}));
  Passage passage(out_);
  SUBROSA_RETURN_IF_ERROR(write(&passage));
  if (passage.bytes() != measure.bytes() ||
      passage.crc32() != measure.crc32()) {
    return absl::InternalError(absl::StrCat("zip: want the same content of `",
                                            name, "` twice, got another"));
  }
  members_.push_back({std::string(name), passage.bytes(), passage.Sha256Of()});
  return absl::OkStatus();
}

absl::Status StoredZip::AddText(absl::string_view name,
                                absl::string_view text) {
  return Add(name, [text](ByteSink* out) { return out->Append(text); });
}

}  // namespace subrosa
