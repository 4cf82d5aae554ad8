#include "src/law/law_book.h"

#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/law/built_in_law.h"
#include "src/law/law_file.h"

namespace subrosa {
namespace {

std::vector<LawBook::Source> Sources(const BuiltInFile* files, size_t count) {
  std::vector<LawBook::Source> sources;
  for (size_t i = 0; i < count; ++i) {
    sources.push_back({files[i].name, files[i].text});
  }
  return sources;
}

// That a shipped file is wrong is our fault, not the caller's.
absl::Status OurFault(const absl::Status& status) {
  return status.ok() ? status : absl::InternalError(status.message());
}

}  // namespace

bool LawEntry::HoldsOn(absl::CivilDay day) const {
  // Both are of the form 2026-01-31, so that they compare as text.
  const std::string text = absl::FormatCivilTime(day);
  return rule->from() <= text &&
         (rule->until().empty() || text < rule->until());
}

absl::StatusOr<LawBook> LawBook::BuiltIn() { return WithPacks({}); }

absl::StatusOr<LawBook> LawBook::WithPacks(absl::Span<const Source> sources) {
  LawBook book;
  for (const Source& source :
       Sources(kBuiltInCalendars, kBuiltInCalendarsCount)) {
    SUBROSA_RETURN_IF_ERROR(OurFault(book.AddCalendar(source)));
  }
  for (const Source& source : Sources(kBuiltInPacks, kBuiltInPacksCount)) {
    absl::StatusOr<v1::LawPack> pack = ParsePack(source.name, source.text);
    SUBROSA_RETURN_IF_ERROR(OurFault(pack.status()));
    const std::string id = pack->id();
    book.packs_.insert_or_assign(id, *std::move(pack));
  }
  std::set<std::string> given;
  for (const Source& source : sources) {
    SUBROSA_ASSIGN_OR_RETURN(v1::LawPack pack,
                             ParsePack(source.name, source.text));
    const std::string id = pack.id();
    if (!given.insert(id).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          source.name, ": id: want one that no other file has, got ", id));
    }
    book.packs_.insert_or_assign(id, std::move(pack));
  }
  SUBROSA_RETURN_IF_ERROR(book.Index());
  return book;
}

absl::Status LawBook::AddCalendar(const Source& source) {
  SUBROSA_ASSIGN_OR_RETURN(v1::HolidayCalendar calendar,
                           ParseCalendar(source.name, source.text));
  const std::string id = calendar.id();
  calendars_.emplace(id, HolidayCalendar(std::move(calendar)));
  return absl::OkStatus();
}

absl::Status LawBook::Index() {
  for (const auto& [id, pack] : packs_) {
    for (const v1::LawRule& rule : pack.rule()) {
      const std::string name = absl::StrCat(id, "/", rule.id());
      const std::string& calendar = rule.deadline().calendar();
      if (!calendar.empty() && FindCalendar(calendar) == nullptr) {
        return absl::InvalidArgumentError(absl::StrCat(
            name, ": deadline.calendar: want one that is known, got ",
            calendar));
      }
      entries_.push_back({name, &pack, &rule});
    }
  }
  return absl::OkStatus();
}

const LawEntry* LawBook::Find(absl::string_view id) const {
  for (const LawEntry& entry : entries_) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

const v1::LawPack* LawBook::FindPack(absl::string_view id) const {
  const auto found = packs_.find(id);
  return found == packs_.end() ? nullptr : &found->second;
}

const HolidayCalendar* LawBook::FindCalendar(absl::string_view id) const {
  const auto found = calendars_.find(id);
  return found == calendars_.end() ? nullptr : &found->second;
}

absl::StatusOr<DueTimes> LawBook::DueTimesOf(const LawEntry& entry,
                                             absl::Time start) const {
  if (!entry.rule->has_deadline()) {
    return absl::InvalidArgumentError(
        absl::StrCat(entry.id, ": want a deadline, got another demand"));
  }
  const v1::Deadline& deadline = entry.rule->deadline();
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(entry.pack->time_zone(), &zone)) {
    return absl::InternalError(
        absl::StrCat(entry.id, ": time_zone: not known to this system"));
  }
  return subrosa::DueTimesOf(deadline, start, zone,
                             FindCalendar(deadline.calendar()));
}

}  // namespace subrosa
