// A LogServer answers HTTP requests out of a log's folder (C2SP tlog-tiles):
//
//   /checkpoint              the latest checkpoint
//   /cosigned                the latest one that a witness cosigned
//   /tile/<L>/<N>[.p/<W>]    hashes
//   /tile/entries/<N>[.p/W]  entries, for auditors: "Authorization: Bearer …"
//
// Checkpoints and hashes may be public: they say how much happens, and nothing
// of what. Entries tell what kind of thing happens when and where.
//
// Reads files when asked, one at a time and at most kMaxBundleBytes of it; the
// log may be written meanwhile. Only tiles that the current checkpoint covers
// are served; a partial one that has become fuller is cut from that.
//
// Thread-safe: no state that changes.
//
// Security: the path of a file is never made from a request's bytes but from
// the tile's numbers, and no link below the folder is followed. Who reads a
// token's digest cannot ask for anything with it. Plain HTTP shows tokens to
// the network: have a proxy end TLS.
#ifndef SUBROSA_SRC_AUDIT_LOG_SERVER_H_
#define SUBROSA_SRC_AUDIT_LOG_SERVER_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/crypto/sha256.h"
#include "src/net/http_message.h"

namespace subrosa {

// SHA-256 of an auditor's token. Tokens have to be random, of 128 bits or more:
// a digest does not protect a word.
using TokenDigest = std::array<uint8_t, Sha256::kDigestBytes>;
TokenDigest DigestOfToken(absl::string_view token);

class LogServer {
 public:
  LogServer(std::string log_folder, std::vector<TokenDigest> auditors);

  // 200; 401 for entries without an auditor's token; 404 for what is not there
  // and for a path that is not written as above; 405 for other methods than GET
  // and HEAD; 503 if a file cannot be read or is not what a log writes.
  HttpResponse Handle(const HttpRequest& request) const;

 private:
  HttpResponse ServeNote(const char* name) const;
  HttpResponse ServeTile(absl::string_view path,
                         const HttpRequest& request) const;
  bool IsAuditor(const HttpRequest& request) const;

  const std::string folder_;
  const std::vector<TokenDigest> auditors_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_SERVER_H_
