// Bytes from strangers, as a certificate of an erasure: the first byte says
// what the rest is.
//
//   's'  a statement: what parses is written as the same bytes
//   'v'  a certificate, to be verified: none of these is signed by the key
//   'e'  an edit of a good certificate: a place and a byte, three bytes each;
//        only the unchanged one is proven, but for the opening to the consumer
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/certificate_statement.h"
#include "src/erasure/scratch_certificate.h"

namespace subrosa {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void ReadText(absl::string_view bytes) {
  const auto certificate = ReadStatement(bytes);
  if (certificate.ok()) Check(*WriteStatement(*certificate) == bytes);
}

// Two good certificates, made once.
struct Samples {
  Samples() : files{scratch.File()} {
    scratch.MakeFinal();
    files[1] = scratch.File();
  }
  ScratchCertificate scratch;
  std::string files[2];
};

void Claim(const Samples& samples, absl::string_view bytes) {
  Check(!VerifyCertificate(bytes, samples.scratch.keys(), {}).ok());
}

void Edit(const Samples& samples, absl::string_view bytes) {
  const std::string& good = samples.files[bytes.size() % 2];
  std::string file = good;
  for (; bytes.size() >= 3; bytes.remove_prefix(3)) {
    const size_t place =
        (static_cast<uint8_t>(bytes[0]) << 8 | static_cast<uint8_t>(bytes[1])) %
        file.size();
    file[place] = static_cast<char>(file[place] ^ bytes[2]);
  }
  const auto verified = VerifyCertificate(file, samples.scratch.keys(), {});
  if (!verified.ok()) return;
  Check(file == good || !CheckCertificateConsumer(*verified, "ada").ok());
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const samples = new subrosa::Samples;
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 's':
      subrosa::ReadText(rest);
      break;
    case 'v':
      subrosa::Claim(*samples, rest);
      break;
    case 'e':
      subrosa::Edit(*samples, rest);
      break;
  }
  return 0;
}
