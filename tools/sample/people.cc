#include "tools/sample/people.h"

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "tools/sample/calendar.h"
#include "tools/sample/random.h"

namespace subrosa::sample {
namespace {

// Streams of a consumer besides those of its records.
constexpr uint64_t kPersonaStream = ~uint64_t{0};
constexpr uint64_t kHouseholdStream = ~uint64_t{1};

constexpr const char* kWomen[] = {
    "Marisol", "Ingrid",  "Wren",     "Temperance", "Oona",     "Saoirse",
    "Zoë",     "Noor",    "Imani",    "Petra",      "Lucinda",  "Yuki",
    "Anneke",  "Dalia",   "Rosalba",  "Freya",      "Thandiwe", "Marguerite",
    "Chiyo",   "Beatriz", "Leocadia", "Svetlana",   "Winifred", "Xochitl"};
constexpr const char* kMen[] = {
    "Caspian", "Teodor",   "Ravi",    "Alistair", "Bram",     "José",
    "Emeka",   "Finnian",  "Hiro",    "Ignatius", "Joaquín",  "Kofi",
    "Lorcan",  "Matthias", "Nikolai", "Osvaldo",  "Percival", "Quentin",
    "Rasmus",  "Stellan",  "Tomás",   "Ulises",   "Wendell",  "Zoltan"};
constexpr const char* kEveryone[] = {"Arden", "Briar",  "Linden", "Marlo",
                                     "Sage",  "Tamsin", "Vesper", "Rowan"};
constexpr const char* kFamilies[] = {
    "Alderquist", "Brambleton",   "Castellane",  "Dunmorrow",   "Eastlake-Ruiz",
    "Fennimore",  "Gallowhill",   "Harrowgate",  "Ivarsdóttir", "Juniper",
    "Kestrelman", "Larkspur",     "Moonachie",   "Nettlefold",  "Okonjo-Vance",
    "Pemberwick", "Quillfeather", "Rosenthorn",  "Saltonstill", "Thistlewood",
    "Underhay",   "Van der Moor", "Whitlowe",    "Xiloa",       "Yarrowby",
    "Zimmerlund", "Ashgrove",     "Bellweather", "Coldbrook",   "Drummondale"};
constexpr const char* kTherapists[] = {"Okafor-Lind", "Brightwater",
                                       "Sandoval",    "Huang-Meyer",
                                       "Petrosian",   "Achterberg"};
constexpr const char* kCoaches[] = {"Delphine", "Marcus", "Aiko",
                                    "Tobias",   "Renata", "Omar"};
constexpr const char* kSponsors[] = {
    "northwind-freight", "tidewater-college", "cobalt-aerostructures",
    "grange-credit-union", "fern-valley-schools"};

constexpr Town kTowns[] = {
    {"Seattle", "WA", "98107", 47'668'000, -122'376'000},
    {"Spokane", "WA", "99203", 47'628'000, -117'404'000},
    {"Bellingham", "WA", "98225", 48'752'000, -122'479'000},
    {"Tacoma", "WA", "98406", 47'262'000, -122'499'000},
    {"Olympia", "WA", "98501", 47'034'000, -122'885'000},
    {"Yakima", "WA", "98902", 46'598'000, -120'525'000},
    {"Reno", "NV", "89509", 39'497'000, -119'824'000},
    {"Henderson", "NV", "89012", 36'012'000, -115'033'000},
    {"Oakland", "CA", "94611", 37'829'000, -122'220'000},
    {"Fresno", "CA", "93704", 36'800'000, -119'801'000},
};

// Places in a block of twelve consumers: a family of three, a guardian with a
// child, and seven who live by themselves as far as the service knows.
Place PlaceOf(uint64_t number) {
  switch ((number - 1) % 12) {
    case 0:
      return Place::kPayer;
    case 1:
      return Place::kPartner;
    case 2:
      return Place::kTeen;
    case 7:
      return Place::kGuardian;
    case 8:
      return Place::kChild;
    default:
      return Place::kAlone;
  }
}

// Two households to a block, numbered from 1; 0 for none.
uint64_t HouseholdOf(uint64_t number, Place place) {
  const uint64_t block = (number - 1) / 12;
  switch (place) {
    case Place::kAlone:
      return 0;
    case Place::kGuardian:
    case Place::kChild:
      return block * 2 + 2;
    default:
      return block * 2 + 1;
  }
}

bool IsYoung(Place place) {
  return place == Place::kTeen || place == Place::kChild;
}

bool Fits(const Concern& concern, const Persona& persona, int age) {
  switch (concern.suits) {
    case Suits::kAnyone:
      return true;
    case Suits::kAdult:
      return !IsYoung(persona.place);
    case Suits::kWoman:
      return !IsYoung(persona.place) && persona.gender == Gender::kWoman &&
             age < 45;
  }
  return false;
}

template <size_t N>
const Concern* PickConcern(const Concern (&all)[N], const Persona& persona,
                           int age, Random& random) {
  for (;;) {
    const Concern& concern = random.Pick(all);
    if (Fits(concern, persona, age)) return &concern;
  }
}

void ChoosePlan(const Persona& like, Random& random, Persona* persona) {
  if (like.household != 0) {
    persona->plan = "family-plus";
    return;
  }
  if (random.Chance(40)) {
    persona->plan = "wellbeing-at-work";
    persona->sponsor = random.Pick(kSponsors);
    return;
  }
  persona->plan = persona->in_therapy ? "therapy-plus" : "calm-basic";
}

int AgeOn(const Persona& persona, int32_t day) {
  const absl::CivilDay today = CivilDayOf(day);
  const bool birthday_to_come =
      today.month() < persona.birth_month ||
      (today.month() == persona.birth_month && today.day() < persona.birth_day);
  return static_cast<int>(today.year()) - persona.birth_year -
         (birthday_to_come ? 1 : 0);
}

void AppendId(char letter, uint64_t number, std::string* out) {
  const std::string digits = std::to_string(number);
  out->push_back(letter);
  out->push_back('-');
  if (digits.size() < 6) out->append(6 - digits.size(), '0');
  out->append(digits);
}

}  // namespace

Persona People::Make(uint64_t number) const {
  Persona persona;
  persona.number = number;
  persona.place = PlaceOf(number);
  persona.household = HouseholdOf(number, persona.place);

  Random random(seed_, number, kPersonaStream);
  const uint32_t gender = random.Below(100);
  persona.gender = gender < 54   ? Gender::kWoman
                   : gender < 95 ? Gender::kMan
                                 : Gender::kNonbinary;
  persona.given_name = persona.gender == Gender::kWoman ? random.Pick(kWomen)
                       : persona.gender == Gender::kMan
                           ? random.Pick(kMen)
                           : random.Pick(kEveryone);
  // A household shares its name and its town.
  Random home(seed_, persona.household != 0 ? persona.household : number,
              persona.household != 0 ? kHouseholdStream : kPersonaStream - 16);
  persona.family_name = home.Pick(kFamilies);
  persona.town = &home.Pick(kTowns);

  int age = random.Around(19, 74);
  if (persona.place == Place::kTeen) age = 15;
  if (persona.place == Place::kChild) age = random.Chance(70) ? 17 : 12;
  if (persona.household != 0 && !IsYoung(persona.place)) {
    age = random.Between(36, 52);
  }
  persona.birth_year = static_cast<int>(CivilDayOf(until_day_).year()) - age;
  persona.birth_month = random.Between(1, 12);
  persona.birth_day = random.Between(1, 28);

  persona.mind = PickConcern(kMind, persona, age, random);
  if (random.Chance(45))
    persona.body = PickConcern(kBody, persona, age, random);
  persona.in_therapy = random.Chance(60);
  persona.tracks_cycle = persona.gender != Gender::kMan && age >= 14 &&
                         age < 50 && random.Chance(70);
  persona.uses_android = random.Chance(40);
  ChoosePlan(persona, random, &persona);
  persona.therapist_number = static_cast<int>(random.Below(6));
  persona.therapist = kTherapists[persona.therapist_number];
  persona.coach = random.Pick(kCoaches);
  persona.close_one = random.Pick(kMen);
  persona.friend_name = random.Pick(kWomen);

  persona.mood_start = persona.mind->mood + random.Around(-80, 80);
  persona.mood_gain = random.Around(-40, 380);
  persona.mood_wave_days = random.Between(23, 71);
  persona.mood_wave_phase = random.Between(0, persona.mood_wave_days - 1);
  persona.cycle_length_days = random.Around(25, 33);
  persona.cycle_phase = random.Between(0, persona.cycle_length_days - 1);
  persona.resting_heart_rate = random.Around(50, 78);
  persona.systolic = persona.body == &kBody[0] ? random.Around(132, 152)
                                               : random.Around(104, 130);
  persona.weight_hectograms =
      age < 14 ? random.Around(380, 520) : random.Around(520, 980);
  return persona;
}

Persona People::GuardianOf(const Persona& minor) const {
  return Make(minor.place == Place::kTeen ? minor.number - 2
                                          : minor.number - 1);
}

void AppendAccountId(uint64_t number, std::string* out) {
  AppendId('c', number, out);
}

void AppendHouseholdId(uint64_t household, std::string* out) {
  AppendId('h', household, out);
}

int32_t BornOn(const Persona& persona) {
  return DayOf(absl::CivilDay(persona.birth_year, persona.birth_month,
                              persona.birth_day));
}

v1::AgeBand AgeBandOn(const Persona& persona, int32_t day) {
  const int age = AgeOn(persona, day);
  if (age < 13) return v1::AGE_BAND_UNDER_13;
  if (age < 16) return v1::AGE_BAND_13_TO_15;
  if (age < 18) return v1::AGE_BAND_16_TO_17;
  return v1::AGE_BAND_ADULT;
}

bool IsMinorOn(const Persona& persona, int32_t day) {
  return AgeOn(persona, day) < 18;
}

}  // namespace subrosa::sample
