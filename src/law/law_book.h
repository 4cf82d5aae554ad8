// A LawBook holds the packs and calendars that an entity goes by: those that
// ship with Subrosa, and its own in their place or beside them.
//
// It says what statutes demand, with the citation and how well its text is
// known. Which of them apply to an entity is for the entity to say.
//
// Immutable once made; safe to use from any thread. What it returns lives as
// long as it does.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const LawBook book, LawBook::BuiltIn());
//   const LawRule* rule = book.Find("wa-mhmda/respond");
//   SUBROSA_ASSIGN_OR_RETURN(const DueTimes due,
//                            book.DueTimesOf(*rule, received_at));
#ifndef SUBROSA_SRC_LAW_LAW_BOOK_H_
#define SUBROSA_SRC_LAW_LAW_BOOK_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/law/deadline.h"
#include "src/law/holiday_calendar.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// A rule, and the pack that it stands in.
struct LawEntry {
  std::string id;  // "wa-mhmda/respond".
  const v1::LawPack* pack = nullptr;
  const v1::LawRule* rule = nullptr;

  // Whether it holds on `day`.
  bool HoldsOn(absl::CivilDay day) const;
};

class LawBook {
 public:
  // A file: `name` appears in errors.
  struct Source {
    std::string name;
    std::string text;
  };

  // What ships with Subrosa. INTERNAL if a shipped file is malformed, which a
  // test rules out.
  static absl::StatusOr<LawBook> BuiltIn();

  // The same with the packs of `sources` in place of those of the same id, or
  // beside them.
  //
  // INVALID_ARGUMENT as ParsePack; for two sources of one id; and for a
  // deadline that counts by a calendar which is not there.
  static absl::StatusOr<LawBook> WithPacks(absl::Span<const Source> sources);

  LawBook(LawBook&&) = default;
  LawBook& operator=(LawBook&&) = default;

  // All rules, by pack and then as they stand in it.
  const std::vector<LawEntry>& entries() const { return entries_; }

  // By its name, "wa-mhmda/respond"; null if there is none.
  const LawEntry* Find(absl::string_view id) const;

  // Null if there is none.
  const v1::LawPack* FindPack(absl::string_view id) const;
  const HolidayCalendar* FindCalendar(absl::string_view id) const;

  // When the clock of `entry`, started at `start`, runs out. INVALID_ARGUMENT
  // if it is no deadline.
  absl::StatusOr<DueTimes> DueTimesOf(const LawEntry& entry,
                                      absl::Time start) const;

 private:
  LawBook() = default;
  absl::Status AddCalendar(const Source& source);
  absl::Status Index();

  // Maps keep their places when the book is moved.
  std::map<std::string, v1::LawPack, std::less<>> packs_;
  std::map<std::string, HolidayCalendar, std::less<>> calendars_;
  std::vector<LawEntry> entries_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_LAW_BOOK_H_
