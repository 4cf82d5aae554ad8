#include "tests/bench/sample_text.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

class Writer {
 public:
  explicit Writer(uint32_t seed) : random_(seed) {}

  // From 0 to `below` - 1.
  int Below(int below) { return static_cast<int>(random_() % below); }

  template <size_t kSize>
  const char* Of(const char* const (&choices)[kSize]) {
    return choices[random_() % kSize];
  }

  std::string Time() {
    return absl::StrFormat("2026-%02d-%02dT%02d:%02d:%02d.%03dZ", 1 + Below(12),
                           1 + Below(28), Below(24), Below(60), Below(60),
                           Below(1000));
  }

  std::string Address() {
    return absl::StrCat("198.51.", Below(256), ".", 1 + Below(250));
  }

  std::string Uuid() {
    return absl::StrFormat("%08x-%04x-4%03x-a%03x-%06x%06x", random_(),
                           Below(1 << 16), Below(1 << 12), Below(1 << 12),
                           Below(1 << 24), Below(1 << 24));
  }

 private:
  std::mt19937 random_;
};

constexpr const char* kEvents[] = {
    "request completed",      "cache miss for key",
    "retrying upstream call", "session refreshed",
    "payload accepted",       "connection reset by peer",
    "queue depth is high",    "scheduled job finished",
    "config reloaded",        "lease renewed for shard"};
constexpr const char* kWords[] = {
    "i",      "you",   "the",  "to",    "a",    "and",   "it",     "was",
    "for",    "that",  "just", "so",    "my",   "what",  "is",     "not",
    "we",     "have",  "do",   "get",   "this", "going", "really", "think",
    "know",   "like",  "good", "time",  "see",  "can",   "out",    "want",
    "feel",   "about", "work", "today", "home", "night", "better", "maybe",
    "thanks", "sure",  "yes",  "later", "week", "tired", "call",   "doctor",
    "again",  "still", "much", "more",  "pain", "day",   "did",    "how"};
constexpr const char* kComplaints[] = {"chest pain", "shortness of breath",
                                       "low mood",   "poor sleep",
                                       "headache",   "knee pain after a fall"};
constexpr const char* kDrugs[] = {"lisinopril", "metformin", "sertraline",
                                  "atorvastatin", "albuterol"};
constexpr const char* kMonths[] = {"January", "March", "June", "October"};

std::string LogLine(Writer* writer) {
  const std::string time = writer->Time();
  const int kind = writer->Below(20);
  if (kind < 12) {
    return absl::StrCat(time, " INFO [worker-", writer->Below(32),
                        "] example.api.Gateway - ", writer->Of(kEvents),
                        " requestId=", writer->Uuid(),
                        " durationMs=", writer->Below(3000), " status=200\n");
  }
  if (kind < 16) {
    return absl::StrCat(time, " INFO access client=", writer->Address(),
                        " method=GET path=/v1/items/", writer->Below(99999),
                        " status=200 bytes=", writer->Below(99999),
                        " agent=\"Mozilla/5.0 (X11; Linux x86_64) "
                        "Chrome/120.0.0.0\"\n");
  }
  if (kind < 18) {
    return absl::StrCat(time, " INFO login ok for u", writer->Below(999),
                        "@mail.example.org from ", writer->Address(), "\n");
  }
  return absl::StrCat(time, " ERROR at example.Store.put(Store.java:",
                      writer->Below(900), "): ", writer->Of(kEvents),
                      "; will retry in ", writer->Below(900), " ms\n");
}

std::string ChatLine(Writer* writer) {
  std::string line;
  const int words = 3 + writer->Below(16);
  for (int i = 0; i < words; ++i) {
    absl::StrAppend(&line, i == 0 ? "" : " ", writer->Of(kWords));
  }
  const int kind = writer->Below(100);
  if (kind < 3) {
    absl::StrAppendFormat(&line, " call me at 206-555-%04d",
                          writer->Below(10000));
  } else if (kind < 5) {
    absl::StrAppend(&line, " on ", writer->Of(kMonths), " ",
                    1 + writer->Below(28));
  } else if (kind < 12) {
    absl::StrAppend(&line, " at ", 1 + writer->Below(12));
  } else if (kind < 15) {
    absl::StrAppend(&line, " I\xe2\x80\x99m ok \xf0\x9f\x98\x80");
  }
  return line + (writer->Below(2) == 0 ? ".\n" : "!\n");
}

std::string Note(Writer* writer) {
  return absl::StrFormat(
      "Seen %02d/%02d/2025. %d year old with %s since %s %d. BP %d/%d, HR %d, "
      "temp 98.%d. MRN: %08d. Continue %s %d mg daily; next visit on %d/%d. "
      "Lives at %d Oak Street, Apt. %d, phone (206) 555-%04d, SSN "
      "219-09-%04d. Member ID XQ%07d, seen by Dr. No Name, NPI 1234567893.\n",
      1 + writer->Below(12), 1 + writer->Below(28), 18 + writer->Below(80),
      writer->Of(kComplaints), writer->Of(kMonths), 1 + writer->Below(28),
      100 + writer->Below(60), 60 + writer->Below(40), 55 + writer->Below(50),
      writer->Below(10), writer->Below(99999999), writer->Of(kDrugs),
      5 * (1 + writer->Below(40)), 1 + writer->Below(12), 1 + writer->Below(28),
      1 + writer->Below(9999), 1 + writer->Below(99), writer->Below(10000),
      1 + writer->Below(9999), writer->Below(9999999));
}

template <typename Line>
std::string Filled(size_t bytes, uint32_t seed, const Line& line) {
  Writer writer(seed);
  std::string text;
  while (text.size() < bytes) text += line(&writer);
  return text;
}

}  // namespace

std::string SampleLog(size_t bytes) { return Filled(bytes, 1, LogLine); }
std::string SampleChat(size_t bytes) { return Filled(bytes, 2, ChatLine); }
std::string SampleNotes(size_t bytes) { return Filled(bytes, 3, Note); }

}  // namespace subrosa
