#include "src/vault/part_selection.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/vault/record_refs.h"

namespace subrosa {
namespace {

constexpr uint8_t kFormat = 1;

void AppendText(absl::string_view text, std::string* out) {
  const BigEndianBytes<uint16_t> size(static_cast<uint16_t>(text.size()));
  absl::StrAppend(out, size.view(), text);
}

absl::Status Lost() {
  return absl::DataLossError(
      "key store: a part's erasure opens and is none; the file was changed or "
      "damaged");
}

class SelectionCursor {
 public:
  explicit SelectionCursor(absl::string_view bytes) : rest_(bytes) {}

  template <typename Integer>
  absl::StatusOr<Integer> TakeInteger() {
    if (rest_.size() < sizeof(Integer)) return Lost();
    const auto value =
        LoadBigEndian<Integer>(reinterpret_cast<const uint8_t*>(rest_.data()));
    rest_.remove_prefix(sizeof(Integer));
    return value;
  }

  absl::StatusOr<std::string> TakeText() {
    SUBROSA_ASSIGN_OR_RETURN(const uint16_t size, TakeInteger<uint16_t>());
    if (rest_.size() < size) return Lost();
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

  bool IsAtEnd() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

// All but whether it is an old revision.
bool Matches(const PartSelection& selection, const SecretKey& key,
             const RecordRow& row) {
  if (!selection.id.empty() &&
      RecordRefOfId(key, selection.source, selection.id) !=
          row.place.record_ref) {
    return false;
  }
  if (selection.categories != 0 &&
      (selection.categories & row.facts.categories) == 0) {
    return false;
  }
  if (!selection.purpose.empty() && selection.purpose != row.facts.purpose) {
    return false;
  }
  return !selection.collected_before.has_value() ||
         row.facts.collected_day < *selection.collected_before;
}

}  // namespace

bool PartSelection::empty() const {
  return id.empty() && !old_revisions && categories == 0 && purpose.empty() &&
         !collected_before.has_value();
}

absl::Status CheckSelection(const PartSelection& selection) {
  if (selection.source.empty() != selection.id.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("selection.record: want a source and an id, got ",
                     selection.id.empty() ? "a source alone" : "an id alone"));
  }
  for (const std::string* const text :
       {&selection.source, &selection.id, &selection.purpose}) {
    if (text->size() > kMaxSelectionTextBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "selection: want texts of at most ", kMaxSelectionTextBytes,
          " bytes, got one of ", text->size()));
    }
  }
  return absl::OkStatus();
}

std::string SerializeSelection(const PartSelection& selection) {
  if (selection.empty()) return "";
  const BigEndianBytes<uint32_t> categories(selection.categories);
  const BigEndianBytes<uint32_t> before(
      static_cast<uint32_t>(selection.collected_before.value_or(0)));
  std::string out;
  out.push_back(static_cast<char>(kFormat));
  out.push_back(
      static_cast<char>((selection.old_revisions ? 1 : 0) |
                        (selection.collected_before.has_value() ? 2 : 0)));
  absl::StrAppend(&out, categories.view(), before.view());
  AppendText(selection.source, &out);
  AppendText(selection.id, &out);
  AppendText(selection.purpose, &out);
  return out;
}

absl::StatusOr<PartSelection> ParseSelection(absl::string_view bytes) {
  PartSelection selection;
  if (bytes.empty()) return selection;
  SelectionCursor cursor(bytes);
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t format, cursor.TakeInteger<uint8_t>());
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t flags, cursor.TakeInteger<uint8_t>());
  if (format != kFormat || flags > 3) return Lost();
  SUBROSA_ASSIGN_OR_RETURN(selection.categories,
                           cursor.TakeInteger<uint32_t>());
  SUBROSA_ASSIGN_OR_RETURN(const uint32_t before,
                           cursor.TakeInteger<uint32_t>());
  SUBROSA_ASSIGN_OR_RETURN(selection.source, cursor.TakeText());
  SUBROSA_ASSIGN_OR_RETURN(selection.id, cursor.TakeText());
  SUBROSA_ASSIGN_OR_RETURN(selection.purpose, cursor.TakeText());
  if (!cursor.IsAtEnd()) return Lost();
  selection.old_revisions = (flags & 1) != 0;
  if ((flags & 2) != 0) {
    selection.collected_before = static_cast<int32_t>(before);
  }
  return selection;
}

std::vector<bool> SelectRows(const PartSelection& selection,
                             const SecretKey& key,
                             absl::Span<const RecordRow> rows) {
  std::vector<bool> selected(rows.size(), false);
  if (selection.empty() || rows.empty()) return selected;
  const bool all = IsSelected(selection, key, rows.back());
  for (size_t i = 0; i < rows.size(); ++i) {
    selected[i] =
        all || (i + 1 < rows.size() && Matches(selection, key, rows[i]));
  }
  return selected;
}

bool IsSelected(const PartSelection& selection, const SecretKey& key,
                const RecordRow& newest) {
  return !selection.empty() && !selection.old_revisions &&
         Matches(selection, key, newest);
}

}  // namespace subrosa
