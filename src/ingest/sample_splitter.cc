#include "src/ingest/sample_splitter.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/ingest/fhir_look.h"
#include "src/ingest/sample_look.h"

namespace subrosa {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr absl::string_view kRecords = "records";

}  // namespace

absl::StatusOr<SampleText> SampleSplitter::Next() {
  SampleText sample;
  bool found = false;
  cursor_.Forget();
  while (!found) {
    bool went_on = true;
    switch (place_) {
      case Place::kOutside:
        went_on = GoOutside(&sample, &found);
        break;
      case Place::kMembers:
        went_on = GoThroughMembers();
        break;
      case Place::kList:
        went_on = GoThroughList(&sample, &found);
        break;
      case Place::kOver:
        sample.number = number_;
        sample.byte_offset = cursor_.offset();
        return sample;
    }
    if (!went_on) return Stopped(found, std::move(sample));
  }
  return sample;
}

absl::StatusOr<SampleText> SampleSplitter::Stopped(bool is_within,
                                                   SampleText sample) {
  switch (cursor_.fault()) {
    case JsonCursor::Fault::kSystem:
      return cursor_.status();
    case JsonCursor::Fault::kEnd:
      if (!is_within) {
        sample.number = ++number_;
        sample.byte_offset = cursor_.offset();
      }
      sample.kind = SampleText::Kind::kReject;
      sample.reject = absl::InvalidArgumentError(
          "file: want the end of what it starts, got the end of the file");
      place_ = Place::kOver;
      return sample;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "byte ", cursor_.offset(),
          ": want JSON of samples, got something else, and nothing tells where "
          "the next one starts"));
  }
}

bool SampleSplitter::GoOutside(SampleText* sample, bool* found) {
  absl::string_view start;
  if (cursor_.offset() == 0) {
    if (!cursor_.Look(kByteOrderMark.size(), &start)) return false;
    if (absl::StartsWith(start, kByteOrderMark)) {
      cursor_.Pass(kByteOrderMark.size());
    }
  }
  char c;
  if (!cursor_.Next(&c)) {
    if (cursor_.fault() != JsonCursor::Fault::kEnd) return false;
    place_ = Place::kOver;
    return true;
  }
  is_in_document_ = false;
  if (c == '[') {
    place_ = Place::kList;
    is_first_item_ = true;
    return cursor_.Take('[');
  }
  if (c != '{') return cursor_.Take('{');
  bool is_document = false;
  if (!IsDocument(&is_document)) return false;
  if (!is_document) return TakeSample(sample, found);
  place_ = Place::kMembers;
  is_first_member_ = true;
  return cursor_.Take('{');
}

bool SampleSplitter::IsDocument(bool* is_document) {
  absl::string_view text;
  size_t size = 0;
  // No more than it takes, so that a slow pipe is not waited for.
  for (;;) {
    if (!cursor_.Look(size + 1, &text)) return false;
    *is_document = HasRecordsList(text);
    if (*is_document || text.size() <= size || text.size() > kSampleLookBytes ||
        EndsItsObject(text)) {
      return true;
    }
    size = text.size();
  }
}

// Takes `end` if it comes next, else the comma before what does.
bool SampleSplitter::EndsOrGoesOn(char end, bool* is_first, bool* ends) {
  char c;
  if (!cursor_.Next(&c)) return false;
  *ends = c == end;
  if (*ends) return cursor_.Take(end);
  const bool needs_comma = !*is_first;
  *is_first = false;
  return !needs_comma || cursor_.Take(',');
}

bool SampleSplitter::GoThroughMembers() {
  bool ends = false;
  if (!EndsOrGoesOn('}', &is_first_member_, &ends)) return false;
  if (ends) {
    place_ = Place::kOutside;
    return true;
  }
  JsonPiece name;
  cursor_.Keep();
  if (!cursor_.TakeString(&name)) return false;
  const bool is_records = !cursor_.too_long() && cursor_.Text(name) == kRecords;
  cursor_.Forget();
  if (!cursor_.Take(':')) return false;
  char c;
  if (!cursor_.Next(&c)) return false;
  if (!is_records || c != '[') {
    JsonPiece passed_over;
    return cursor_.TakeValue(&passed_over);
  }
  place_ = Place::kList;
  is_in_document_ = true;
  is_first_item_ = true;
  return cursor_.Take('[');
}

bool SampleSplitter::GoThroughList(SampleText* sample, bool* found) {
  bool ends = false;
  if (!EndsOrGoesOn(']', &is_first_item_, &ends)) return false;
  if (!ends) return TakeSample(sample, found);
  place_ = is_in_document_ ? Place::kMembers : Place::kOutside;
  return true;
}

bool SampleSplitter::TakeSample(SampleText* sample, bool* found) {
  char c;
  if (!cursor_.Next(&c)) return false;
  cursor_.Keep();
  *found = true;
  sample->number = ++number_;
  sample->byte_offset = cursor_.offset();
  JsonPiece piece;
  if (!cursor_.TakeValue(&piece)) return false;
  if (cursor_.too_long() || piece.size > max_bytes_) {
    sample->kind = SampleText::Kind::kReject;
    sample->reject = absl::InvalidArgumentError(
        absl::StrCat("line: want at most ", max_bytes_, " bytes, got more"));
    return true;
  }
  sample->kind = SampleText::Kind::kText;
  sample->text = cursor_.Text(piece);
  return true;
}

}  // namespace subrosa
