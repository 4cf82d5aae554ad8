#include "src/classify/match_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// What is appended at a time, so that a chunk of any size takes constant
// memory.
constexpr size_t kPieceBytes = 64 * 1024;

}  // namespace

absl::StatusOr<MatchStream> MatchStream::Create(const TextScanner& scanner,
                                                Sink sink) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner.NewScratch());
  return MatchStream(scanner, std::move(sink), std::move(scratch));
}

MatchStream::MatchStream(const TextScanner& scanner, Sink sink,
                         std::unique_ptr<TextScanner::Scratch> scratch)
    : scanner_(&scanner), sink_(std::move(sink)), scratch_(std::move(scratch)) {
  scanner_->Begin(scratch_.get());
}

absl::Status MatchStream::Append(absl::string_view chunk) {
  while (!chunk.empty()) {
    const absl::string_view piece = chunk.substr(0, kPieceBytes);
    chunk.remove_prefix(piece.size());
    held_.append(piece.data(), piece.size());
    SUBROSA_RETURN_IF_ERROR(scanner_->Append(piece, scratch_.get(), &matches_));
    // Not each time, so that short chunks do not move what is held over and
    // over.
    const size_t certain = scanner_->CertainBefore(*scratch_);
    if (certain - held_begin_ >= std::max(kPieceBytes / 2, held_.size() / 4)) {
      Release(certain);
    }
    if (held_.size() > kMaxHeldBytes) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "text: want a decision within ", kMaxHeldBytes,
          " bytes, got none: characters without width go on for longer"));
    }
  }
  return absl::OkStatus();
}

absl::Status MatchStream::Finish() {
  SUBROSA_RETURN_IF_ERROR(scanner_->Finish(scratch_.get(), &matches_));
  Release(held_begin_ + held_.size());
  return absl::OkStatus();
}

void MatchStream::Release(size_t end) {
  const absl::string_view held = held_;
  size_t at = held_begin_;
  const auto hand_out_until = [&](size_t until) {
    if (until > at) {
      sink_.on_between(held.substr(at - held_begin_, until - at));
    }
    at = std::max(at, until);
  };
  auto match = matches_.begin();
  for (; match != matches_.end() && match->span.offset < end; ++match) {
    hand_out_until(match->span.offset);
    sink_.on_match(*match, held.substr(at - held_begin_, match->span.length));
    at += match->span.length;
  }
  hand_out_until(end);
  matches_.erase(matches_.begin(), match);
  held_.erase(0, at - held_begin_);
  held_begin_ = at;
}

}  // namespace subrosa
