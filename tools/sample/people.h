// The people of the sample service: who they are, what they live with, which
// plan they are on. All are invented; a Persona follows from (seed, number)
// alone, so that any one can be made without those before.
#ifndef SUBROSA_TOOLS_SAMPLE_PEOPLE_H_
#define SUBROSA_TOOLS_SAMPLE_PEOPLE_H_

#include <cstdint>
#include <string>

#include "subrosa/v1/account.pb.h"
#include "tools/sample/concerns.h"

namespace subrosa::sample {

enum class Gender { kWoman, kMan, kNonbinary };

// Where someone lives; coordinates in millionths of a degree.
struct Town {
  const char* name;
  const char* state;
  const char* zip;
  int latitude_e6;
  int longitude_e6;
};

// Which of the places in a household, or none.
enum class Place { kAlone, kPayer, kPartner, kTeen, kGuardian, kChild };

// The texts are static: a Persona is cheap to make and to copy.
struct Persona {
  uint64_t number = 0;  // From 1; the account id is `c-` and this.
  const char* given_name = "";
  const char* family_name = "";
  Gender gender = Gender::kWoman;
  int birth_year = 0;
  int birth_month = 0;
  int birth_day = 0;
  const Town* town = nullptr;

  const Concern* mind = nullptr;  // What brought them; never null.
  const Concern* body = nullptr;  // Another condition; null for none.
  bool in_therapy = false;
  bool tracks_cycle = false;
  bool uses_android = false;

  Place place = Place::kAlone;
  uint64_t household = 0;      // 0 for none.
  const char* plan = "";       // A slug.
  const char* sponsor = "";    // Empty where nobody sponsors.
  const char* therapist = "";  // A surname.
  int therapist_number = 0;
  const char* coach = "";  // A given name, as are these two.
  const char* close_one = "";
  const char* friend_name = "";

  // What Course draws on: mood is 0 to 1000.
  int mood_start = 0;
  int mood_gain = 0;       // Over the whole span.
  int mood_wave_days = 0;  // Length of the slow wave.
  int mood_wave_phase = 0;

  int cycle_length_days = 0;
  int cycle_phase = 0;
  int resting_heart_rate = 0;
  int systolic = 0;
  int weight_hectograms = 0;
};

class People {
 public:
  // The people of `seed`; their ages are taken on `until_day`.
  People(uint64_t seed, int32_t until_day)
      : seed_(seed), until_day_(until_day) {}

  // `number` is 1 or more.
  Persona Make(uint64_t number) const;

  // The guardian in a minor's household.
  Persona GuardianOf(const Persona& minor) const;

 private:
  uint64_t seed_;
  int32_t until_day_;
};

// "c-000123".
void AppendAccountId(uint64_t number, std::string* out);

// "h-000123".
void AppendHouseholdId(uint64_t household, std::string* out);

// The day of birth.
int32_t BornOn(const Persona& persona);

v1::AgeBand AgeBandOn(const Persona& persona, int32_t day);

// Under 18 on `day`.
bool IsMinorOn(const Persona& persona, int32_t day);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_PEOPLE_H_
