// Text as services write it and people type it, made up from a seed: no word of
// it is anyone's.
#ifndef SUBROSA_TESTS_BENCH_SAMPLE_TEXT_H_
#define SUBROSA_TESTS_BENCH_SAMPLE_TEXT_H_

#include <cstddef>
#include <string>

namespace subrosa {

// Lines of a service's log: a time, a level, ids, now and then an address.
std::string SampleLog(size_t bytes);

// Messages of a chat: short, a number or an address in one of twenty.
std::string SampleChat(size_t bytes);

// Clinical notes, dense with dates, doses, measurements and identifiers.
std::string SampleNotes(size_t bytes);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_SAMPLE_TEXT_H_
