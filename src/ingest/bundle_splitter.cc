#include "src/ingest/bundle_splitter.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/ingest/fhir_look.h"

namespace subrosa {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

BundleSplitter::BundleSplitter(BufferedInput input, size_t max_entry_bytes)
    : cursor_(std::move(input), max_entry_bytes),
      max_entry_bytes_(max_entry_bytes) {}

absl::StatusOr<BundlePart> BundleSplitter::Next() {
  BundlePart part;
  bool found = false;
  while (!found) {
    bool went_on = true;
    switch (place_) {
      case Place::kOutside:
        went_on = GoOutside(&part, &found);
        break;
      case Place::kMembers:
        went_on = GoThroughMembers(&part, &found);
        break;
      case Place::kEntries:
        went_on = GoThroughEntries(&part, &found);
        break;
      case Place::kOver:
        part.number = number_;
        part.byte_offset = cursor_.offset();
        return part;
    }
    if (!went_on) return Stopped(found, std::move(part));
  }
  return part;
}

absl::StatusOr<BundlePart> BundleSplitter::Stopped(bool is_within,
                                                   BundlePart part) {
  switch (cursor_.fault()) {
    case JsonCursor::Fault::kSystem:
      return cursor_.status();
    case JsonCursor::Fault::kEnd:
      if (!is_within) StartPart(&part);
      Reject("file", "the end of what it starts", "the end of the file", &part);
      place_ = Place::kOver;
      return part;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "byte ", cursor_.offset(),
          ": want JSON of FHIR, got something else, and nothing tells where "
          "the next entry starts"));
  }
}

void BundleSplitter::StartPart(BundlePart* part) {
  part->number = ++number_;
  part->byte_offset = cursor_.offset();
}

void BundleSplitter::Reject(absl::string_view path, absl::string_view want,
                            absl::string_view got, BundlePart* part) {
  part->kind = BundlePart::Kind::kReject;
  part->reject = absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

bool BundleSplitter::LooksLikeBundle(bool* is_bundle) {
  absl::string_view text;
  FhirLook look = FhirLook::kMore;
  size_t size = 0;
  do {
    // No more than it takes, so that a slow pipe is not waited for.
    if (!cursor_.Look(size + 1, &text)) return false;
    if (text.size() <= size) break;
    size = text.size();
    look = LookForFhir(text.substr(0, kFhirLookBytes));
  } while (look == FhirLook::kMore && size < kFhirLookBytes);
  *is_bundle = look == FhirLook::kBundle;
  return true;
}

bool BundleSplitter::GoOutside(BundlePart* part, bool* found) {
  cursor_.Forget();
  char c;
  if (cursor_.offset() == 0) {
    absl::string_view start;
    if (!cursor_.Look(kByteOrderMark.size(), &start)) return false;
    if (absl::StartsWith(start, kByteOrderMark)) {
      cursor_.Pass(kByteOrderMark.size());
    }
  }
  if (!cursor_.Next(&c)) {
    if (cursor_.fault() != JsonCursor::Fault::kEnd) return false;
    place_ = Place::kOver;
    return true;
  }
  cursor_.Keep();
  bool is_bundle = false;
  if (!LooksLikeBundle(&is_bundle)) return false;
  if (is_bundle) {
    if (!cursor_.Take('{')) return false;
    is_first_member_ = true;
    has_entries_ = has_type_ = false;
    place_ = Place::kMembers;
    return true;
  }
  *found = true;
  StartPart(part);
  part->kind = BundlePart::Kind::kResource;
  if (!cursor_.TakeValue(&part->resource)) return false;
  if (part->resource.size > max_entry_bytes_) {
    Reject("resource", absl::StrCat("at most ", max_entry_bytes_, " bytes"),
           "more", part);
  }
  return true;
}

// Passes over what stands before a member of an object or list.
bool BundleSplitter::TakeComma(char end, bool* is_first, bool* is_over) {
  char c;
  if (!cursor_.Next(&c)) return false;
  *is_over = c == end;
  if (*is_over) return cursor_.Take(end);
  if (!*is_first && !cursor_.Take(',')) return false;
  *is_first = false;
  return true;
}

bool BundleSplitter::GoThroughMembers(BundlePart* part, bool* found) {
  cursor_.Forget();
  bool is_over = false;
  if (!TakeComma('}', &is_first_member_, &is_over)) return false;
  if (is_over) {
    place_ = Place::kOutside;
    part->kind = BundlePart::Kind::kBundleEnd;
    *found = true;
    return true;
  }
  char c;
  if (!cursor_.Next(&c)) return false;
  cursor_.Keep();
  JsonPiece key;
  if (!cursor_.TakeString(&key) || !cursor_.Take(':')) return false;
  // A key that hides behind escapes, or is too long to be kept, is none that
  // FHIR has: nothing could be found by it.
  const absl::string_view name =
      cursor_.too_long() ? absl::string_view("\\") : cursor_.Text(key);
  const bool is_strange = absl::StrContains(name, '\\');
  const bool is_entries = name == "entry";
  const bool is_repeated =
      (is_entries && has_entries_) || (name == "resourceType" && has_type_);
  has_entries_ |= is_entries;
  has_type_ |= name == "resourceType";
  cursor_.Forget();
  if (!cursor_.Next(&c)) return false;
  if (is_entries && !is_repeated && c == '[') {
    place_ = Place::kEntries;
    is_first_entry_ = true;
    return cursor_.Take('[');
  }
  if (is_strange || is_repeated || is_entries) {
    StartPart(part);
    *found = true;
    if (is_strange) {
      Reject("bundle", "keys of FHIR", "one with escapes", part);
    } else if (is_repeated) {
      Reject("bundle", "each key once", "one twice", part);
    } else {
      Reject("bundle.entry", "a list", "something else", part);
    }
  }
  JsonPiece passed;
  return cursor_.TakeValue(&passed);
}

bool BundleSplitter::GoThroughEntries(BundlePart* part, bool* found) {
  cursor_.Forget();
  bool is_over = false;
  if (!TakeComma(']', &is_first_entry_, &is_over)) return false;
  if (is_over) {
    place_ = Place::kMembers;
    return true;
  }
  char c;
  if (!cursor_.Next(&c)) return false;
  cursor_.Keep();
  *found = true;
  StartPart(part);
  return TakeEntry(part);
}

bool BundleSplitter::TakeEntry(BundlePart* part) {
  char c;
  if (!cursor_.Next(&c)) return false;
  if (c != '{') {
    JsonPiece passed;
    Reject("entry", "an object", "something else", part);
    return cursor_.TakeValue(&passed);
  }
  const uint64_t start = cursor_.offset();
  part->is_in_bundle = true;
  part->kind = BundlePart::Kind::kResource;
  if (!TakeEntryMembers(part)) return false;
  if (cursor_.too_long() || cursor_.offset() - start > max_entry_bytes_) {
    Reject("entry", absl::StrCat("at most ", max_entry_bytes_, " bytes"),
           "more", part);
  } else if (part->kind == BundlePart::Kind::kResource &&
             part->resource.size == 0) {
    Reject("entry.resource", "a resource", "none", part);
  }
  return true;
}

bool BundleSplitter::TakeEntryMembers(BundlePart* part) {
  if (!cursor_.Take('{')) return false;
  bool is_first = true;
  for (;;) {
    bool is_over = false;
    if (!TakeComma('}', &is_first, &is_over)) return false;
    if (is_over) return true;
    JsonPiece key;
    JsonPiece value;
    if (!cursor_.TakeString(&key) || !cursor_.Take(':')) return false;
    const absl::string_view name =
        cursor_.too_long() ? absl::string_view() : cursor_.Text(key);
    JsonPiece* wanted = nullptr;
    if (name == "resource") wanted = &part->resource;
    if (name == "fullUrl") wanted = &part->full_url;
    const bool is_strange = absl::StrContains(name, '\\');
    char c;
    if (!cursor_.Next(&c) || !cursor_.TakeValue(&value)) return false;
    if (is_strange) {
      Reject("entry", "keys of FHIR", "one with escapes", part);
    } else if (wanted == nullptr) {
      continue;
    } else if (wanted->size != 0) {
      Reject("entry", "each key once", "one twice", part);
    } else if (wanted == &part->full_url && c != '"') {
      Reject("entry.fullUrl", "a string", "something else", part);
    } else {
      *wanted = value;
    }
  }
}

}  // namespace subrosa
