// Prints a certificate of an erasure of the account "ada": the vkey of its log
// on the first line, then the file. `final` prints one that is final.
#include <cstdio>
#include <string>

#include "src/erasure/scratch_certificate.h"

int main(int argc, char** argv) {
  subrosa::ScratchCertificate scratch;
  if (argc == 2 && std::string(argv[1]) == "final") scratch.MakeFinal();
  std::printf("%s\n%s", scratch.keys().front().ToString().c_str(),
              scratch.File().c_str());
  return 0;
}
