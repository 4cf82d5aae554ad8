#include "src/audit/log_server.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/audit/checkpoint.h"
#include "src/audit/file_below.h"
#include "src/audit/tile.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

constexpr char kCheckpoint[] = "checkpoint";

HttpResponse NotHere() { return PlainTextResponse(404, "not here"); }

HttpResponse OctetResponse(std::string body, absl::string_view caching) {
  HttpResponse response;
  response.content_type = "application/octet-stream";
  response.headers.push_back({"Cache-Control", std::string(caching)});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.body = std::move(body);
  return response;
}

// The size of the tree that `folder`'s checkpoint is of. Who asks verifies it.
absl::StatusOr<uint64_t> CoveredSize(const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string content,
                           ReadFileBelow(folder, kCheckpoint, kNoteMaxBytes));
  SUBROSA_ASSIGN_OR_RETURN(const Note note, ParseNote(content));
  SUBROSA_ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                           ParseCheckpoint(note.text));
  return checkpoint.size;
}

// The first `width` of what `bytes` holds, a tile or bundle of `stored_width`.
absl::StatusOr<std::string> CutTo(int width, bool is_bundle, int stored_width,
                                  std::string bytes) {
  if (!is_bundle) {
    SUBROSA_RETURN_IF_ERROR(ParseTile(bytes, stored_width).status());
    bytes.resize(static_cast<size_t>(width) * Sha256::kDigestBytes);
    return bytes;
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<absl::string_view> entries,
                           ParseBundle(bytes, stored_width));
  const absl::string_view last = entries[static_cast<size_t>(width) - 1];
  bytes.resize(static_cast<size_t>(last.data() + last.size() - bytes.data()));
  return bytes;
}

// What stands of `wanted`, in the file of its own width or in that of a wider
// one, up to the width `now`.
absl::StatusOr<std::string> ReadWanted(const std::string& folder,
                                       const ParsedTilePath& wanted, int now) {
  for (const int width :
       {wanted.tile.width, now, static_cast<int>(kTileWidth)}) {
    TileId stored = wanted.tile;
    stored.width = width;
    absl::StatusOr<std::string> bytes = ReadFileBelow(
        folder, wanted.is_bundle ? BundlePath(stored) : TilePath(stored),
        kMaxBundleBytes);
    if (absl::IsNotFound(bytes.status())) continue;
    if (!bytes.ok()) return bytes.status();
    return CutTo(wanted.tile.width, wanted.is_bundle, width, *std::move(bytes));
  }
  return absl::NotFoundError("want a file, got none");
}

// Takes the same time wherever two digests differ.
bool IsSameDigest(const TokenDigest& a, const TokenDigest& b) {
  volatile uint8_t difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

}  // namespace

TokenDigest DigestOfToken(absl::string_view token) {
  return Sha256().Digest({token});
}

LogServer::LogServer(std::string log_folder, std::vector<TokenDigest> auditors)
    : folder_(std::move(log_folder)), auditors_(std::move(auditors)) {}

HttpResponse LogServer::Handle(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = PlainTextResponse(405, "want GET or HEAD");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  absl::string_view path = request.path;
  if (!absl::ConsumePrefix(&path, "/") || !request.query.empty()) {
    return NotHere();
  }
  if (path == kCheckpoint) return ServeNote(kCheckpoint);
  if (path == "cosigned") return ServeNote("cosigned");
  return ServeTile(path, request);
}

HttpResponse LogServer::ServeNote(const char* name) const {
  absl::StatusOr<std::string> note =
      ReadFileBelow(folder_, name, kNoteMaxBytes);
  if (absl::IsNotFound(note.status())) return NotHere();
  if (!note.ok()) return PlainTextResponse(503, "the log cannot be read");
  HttpResponse response = PlainTextResponse(200, "");
  response.body = *std::move(note);
  return response;
}

HttpResponse LogServer::ServeTile(absl::string_view path,
                                  const HttpRequest& request) const {
  const absl::StatusOr<ParsedTilePath> wanted = ParseTilePath(path);
  if (!wanted.ok()) return NotHere();
  if (wanted->is_bundle && !IsAuditor(request)) {
    HttpResponse response = PlainTextResponse(401, "want an auditor's token");
    response.headers.push_back({"WWW-Authenticate", "Bearer"});
    return response;
  }
  const absl::StatusOr<uint64_t> size = CoveredSize(folder_);
  if (absl::IsNotFound(size.status())) return NotHere();
  if (!size.ok()) return PlainTextResponse(503, "the log cannot be read");
  const int now = TileWidthIn(*size, wanted->tile.level, wanted->tile.index);
  if (wanted->tile.width > now) return NotHere();
  absl::StatusOr<std::string> bytes = ReadWanted(folder_, *wanted, now);
  // Covered and not there is damage, but for the one who asks it is not there.
  if (absl::IsNotFound(bytes.status())) return NotHere();
  if (!bytes.ok()) return PlainTextResponse(503, "the log cannot be read");
  return OctetResponse(*std::move(bytes),
                       wanted->is_bundle
                           ? "private, max-age=31536000, immutable"
                           : "public, max-age=31536000, immutable");
}

bool LogServer::IsAuditor(const HttpRequest& request) const {
  const absl::optional<absl::string_view> credentials =
      FindHeader(request.headers, "Authorization");
  if (!credentials.has_value() ||
      !absl::StartsWithIgnoreCase(*credentials, "Bearer ")) {
    return false;
  }
  const TokenDigest digest =
      DigestOfToken(credentials->substr(sizeof("Bearer ") - 1));
  bool is_auditor = false;
  for (const TokenDigest& auditor : auditors_) {
    // Not the other way round: each is compared, whoever asks.
    is_auditor = IsSameDigest(auditor, digest) || is_auditor;
  }
  return is_auditor;
}

}  // namespace subrosa
