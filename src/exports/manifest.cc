#include "src/exports/manifest.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"

namespace subrosa {
namespace {

constexpr absl::string_view kTitles[] = {"subrosa copy v1",
                                         "subrosa de-identified set v1"};
constexpr size_t kDigestDigits = 2 * Sha256::kDigestBytes;
constexpr size_t kMaxNameBytes = 512;

absl::string_view TitleOf(ManifestKind kind) {
  return kTitles[static_cast<size_t>(kind)];
}

absl::string_view MadeWord(ManifestKind kind) {
  return kind == ManifestKind::kCopy ? "made at " : "made on ";
}

// Reads a manifest line by line.
class ManifestReader {
 public:
  explicit ManifestReader(absl::string_view text)
      : lines_(absl::StrSplit(text, '\n')) {}

  absl::StatusOr<Manifest> Read() {
    Manifest manifest;
    if (lines_.size() < 2 || !lines_.back().empty()) {
      return Wrong("want lines that end in a newline, got other text");
    }
    lines_.pop_back();
    if (lines_.front() == TitleOf(ManifestKind::kDeidentifiedSet)) {
      manifest.kind = ManifestKind::kDeidentifiedSet;
    } else if (lines_.front() != TitleOf(ManifestKind::kCopy)) {
      return Wrong(absl::StrCat("want `", kTitles[0], "` or `", kTitles[1],
                                "`, got another"));
    }
    ++at_;
    SUBROSA_ASSIGN_OR_RETURN(manifest.entity, ReadAfter("entity "));
    if (manifest.kind == ManifestKind::kDeidentifiedSet) {
      SUBROSA_ASSIGN_OR_RETURN(manifest.recipient, ReadAfter("recipient "));
    }
    SUBROSA_ASSIGN_OR_RETURN(manifest.sealed_to, ReadAfter("sealed to "));
    SUBROSA_ASSIGN_OR_RETURN(manifest.made_at,
                             ReadAfter(MadeWord(manifest.kind)));
    std::set<absl::string_view> names;
    for (; at_ < lines_.size(); ++at_) {
      SUBROSA_ASSIGN_OR_RETURN(ArchiveMember file, ReadFileLine());
      if (!names.insert(lines_[at_].substr(kDigestDigits + 2)).second) {
        return Wrong("want each file once, got one again");
      }
      manifest.files.push_back(std::move(file));
    }
    if (manifest.files.empty()) return Wrong("want a file, got none");
    return manifest;
  }

 private:
  absl::Status Wrong(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("manifest: line ", at_ + 1, ": ", what));
  }

  absl::StatusOr<std::string> ReadAfter(absl::string_view word) {
    absl::string_view rest = at_ < lines_.size() ? lines_[at_] : "";
    if (!absl::ConsumePrefix(&rest, word) || rest.empty()) {
      return Wrong(
          absl::StrCat("want `", word, "` and what it is, got another"));
    }
    ++at_;
    return std::string(rest);
  }

  absl::StatusOr<ArchiveMember> ReadFileLine() const {
    const absl::string_view line = lines_[at_];
    if (line.size() <= kDigestDigits + 2 ||
        line.substr(kDigestDigits, 2) != "  ") {
      return Wrong("want a SHA-256, two spaces and a name, got another");
    }
    for (const char c : line.substr(0, kDigestDigits)) {
      if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) &&
          (c < 'a' || c > 'f')) {
        return Wrong("want a SHA-256 in small hexadecimal digits, got another");
      }
    }
    const absl::string_view name = line.substr(kDigestDigits + 2);
    if (!LiesBelow(name)) {
      return Wrong(
          "want the name of a file beside the manifest or below, got another");
    }
    return ArchiveMember{std::string(name), 0,
                         absl::HexStringToBytes(line.substr(0, kDigestDigits))};
  }

  static bool LiesBelow(absl::string_view name) {
    if (name.size() > kMaxNameBytes || absl::StrContains(name, '\\')) {
      return false;
    }
    for (const char c : name) {
      if (!absl::ascii_isprint(static_cast<unsigned char>(c))) return false;
    }
    for (const absl::string_view part : absl::StrSplit(name, '/')) {
      if (part.empty() || part == "." || part == "..") return false;
    }
    return name != kManifestFile;
  }

  std::vector<absl::string_view> lines_;
  size_t at_ = 0;
};

// The SHA-256 of the file `path`.
absl::StatusOr<std::string> DigestOf(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd file, OpenForReading(path));
  Sha256 sha256;
  sha256.Begin();
  std::array<char, 64 << 10> buffer;
  for (;;) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, path);
    if (got == 0) break;
    sha256.Add({buffer.data(), static_cast<size_t>(got)});
  }
  const auto digest = sha256.Finish();
  return std::string(reinterpret_cast<const char*>(digest.data()),
                     digest.size());
}

}  // namespace

absl::string_view ManifestKindName(ManifestKind kind) {
  return kind == ManifestKind::kCopy ? "copy" : "de-identified set";
}

std::string ManifestText(const Manifest& manifest) {
  std::string text =
      absl::StrCat(TitleOf(manifest.kind), "\nentity ", manifest.entity, "\n");
  if (manifest.kind == ManifestKind::kDeidentifiedSet) {
    absl::StrAppend(&text, "recipient ", manifest.recipient, "\n");
  }
  absl::StrAppend(&text, "sealed to ", manifest.sealed_to, "\n",
                  MadeWord(manifest.kind), manifest.made_at, "\n");
  for (const ArchiveMember& file : manifest.files) {
    absl::StrAppend(&text, absl::BytesToHexString(file.sha256), "  ", file.name,
                    "\n");
  }
  return text;
}

bool IsManifest(absl::string_view text) {
  for (const absl::string_view title : kTitles) {
    if (absl::StartsWith(text, absl::StrCat(title, "\n"))) return true;
  }
  return false;
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view text) {
  return ManifestReader(text).Read();
}

absl::StatusOr<ManifestFiles> CompareFiles(const Manifest& manifest,
                                           const std::string& folder) {
  ManifestFiles files;
  for (const ArchiveMember& file : manifest.files) {
    const absl::StatusOr<std::string> digest =
        DigestOf(absl::StrCat(folder, "/", file.name));
    if (absl::IsNotFound(digest.status())) {
      files.missing.push_back(file.name);
      continue;
    }
    SUBROSA_RETURN_IF_ERROR(digest.status());
    (*digest == file.sha256 ? files.agree : files.differ).push_back(file.name);
  }
  return files;
}

}  // namespace subrosa
