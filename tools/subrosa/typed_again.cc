#include "tools/subrosa/typed_again.h"

#include <cstdio>
#include <string>

namespace subrosa {

bool IsTypedAgain(absl::string_view question, absl::string_view want,
                  const Streams& streams) {
  std::fputs(std::string(question).c_str(), streams.err);
  std::fflush(streams.err);
  std::string typed;
  for (int c = std::fgetc(streams.in); c != EOF && c != '\n';
       c = std::fgetc(streams.in)) {
    typed.push_back(static_cast<char>(c));
  }
  return typed == want;
}

}  // namespace subrosa
