// Asks for a URL with the HttpClient, and prints the status or the error.
//
//   fetch <url> [<file of authorities>]
#include <cstdio>
#include <string>

#include "absl/status/statusor.h"
#include "src/net/http_client.h"
#include "src/net/http_message.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  subrosa::HttpClientOptions options;
  options.allow_private_addresses = true;
  if (argc > 2) options.authorities_file = argv[2];
  subrosa::HttpClient client(options);
  const absl::StatusOr<subrosa::HttpResponse> response = client.Get(argv[1]);
  if (response.ok()) {
    std::printf("%d\n", response->status);
  } else {
    std::printf("%s\n", response.status().ToString().c_str());
  }
  return 0;
}
