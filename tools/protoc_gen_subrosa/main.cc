// protoc-gen-subrosa: fails a build in which a field is neither marked nor said
// to be about nobody, and writes the data inventory of the messages.
//
//   protoc -I proto -I . --subrosa_out=threshold=100:out my/service.proto
//
// docs/classification.md says more.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "google/protobuf/compiler/plugin.pb.h"
#include "tools/protoc_gen_subrosa/generate.h"

int main(int argc, char** argv) {
  if (argc > 1) {
    std::fprintf(stderr,
                 "usage: protoc --subrosa_out=[threshold=PERCENT,inventory="
                 "NAME:]DIR FILE.proto\n%s is run by protoc\n",
                 argv[0]);
    return 2;
  }
  google::protobuf::compiler::CodeGeneratorRequest request;
  if (!request.ParseFromFileDescriptor(STDIN_FILENO)) {
    std::fprintf(stderr,
                 "protoc-gen-subrosa: error: want a CodeGeneratorRequest on "
                 "standard input, got something else\n");
    return 1;
  }
  std::vector<std::string> warnings;
  const auto response = subrosa::Generate(request, &warnings);
  for (const std::string& warning : warnings) {
    std::fprintf(stderr, "protoc-gen-subrosa: warning: %s\n", warning.c_str());
  }
  return response.SerializeToFileDescriptor(STDOUT_FILENO) ? 0 : 1;
}
