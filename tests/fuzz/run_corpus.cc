// Runs a fuzz target once over each file named on the command line, without
// libFuzzer: so every seed is a test, in every build.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

bool RunFile(const char* path) {
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return false;
  std::vector<uint8_t> bytes;
  for (int c; (c = std::fgetc(file)) != EOF;) {
    bytes.push_back(static_cast<uint8_t>(c));
  }
  std::fclose(file);
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!RunFile(argv[i])) {
      std::fprintf(stderr, "%s: want a readable file\n", argv[i]);
      return 1;
    }
  }
  std::printf("%d seeds run\n", argc - 1);
  // A target without seeds tests nothing.
  return argc > 1 ? 0 : 1;
}
