#include "src/net/http_client.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/net/curl_library.h"
#include "src/net/public_address.h"

namespace subrosa {
namespace {

// The library's type of numbers.
using Number = long;  // NOLINT(google-runtime-int)

// All headers of a response together.
constexpr size_t kMaxHeaderBytes = size_t{32} << 10;

// What libcurl made, and frees: none is made before it is loaded.
struct FreeUrl {
  void operator()(CURLU* url) const { CurlLibrary::Load()->url_cleanup(url); }
};
struct FreeList {
  void operator()(curl_slist* list) const {
    CurlLibrary::Load()->slist_free_all(list);
  }
};
struct FreeText {
  void operator()(char* text) const { CurlLibrary::Load()->free(text); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

// What one transfer has brought so far.
struct Transfer {
  bool allow_private_addresses = false;
  size_t max_body_bytes = 0;
  bool refused_address = false;
  bool too_long = false;
  size_t header_bytes = 0;
  HttpResponse response;
};

// Called with the address that the name led to, just before it is connected to.
curl_socket_t OpenSocket(void* context, curlsocktype /*purpose*/,
                         curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(context);
  if (!transfer->allow_private_addresses &&
      !IsPublicAddress(&address->addr, address->addrlen)) {
    transfer->refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC,
                address->protocol);
}

size_t TakeBody(char* bytes, size_t /*one*/, size_t size, void* context) {
  auto* transfer = static_cast<Transfer*>(context);
  if (size > transfer->max_body_bytes - transfer->response.body.size()) {
    transfer->too_long = true;
    return 0;
  }
  transfer->response.body.append(bytes, size);
  return size;
}

size_t TakeHeader(char* bytes, size_t /*one*/, size_t size, void* context) {
  auto* transfer = static_cast<Transfer*>(context);
  transfer->header_bytes += size;
  if (transfer->header_bytes > kMaxHeaderBytes) {
    transfer->too_long = true;
    return 0;
  }
  const absl::string_view line(bytes, size);
  if (absl::StartsWith(line, "HTTP/") && transfer->response.body.empty()) {
    // Of an interim response such as 100, nothing stays.
    transfer->response = HttpResponse();
    return size;
  }
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return size;
  const absl::string_view name = line.substr(0, colon);
  const absl::string_view value =
      absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (absl::EqualsIgnoreCase(name, "Content-Type")) {
    transfer->response.content_type = std::string(value);
  } else {
    transfer->response.headers.push_back(
        {std::string(name), std::string(value)});
  }
  return size;
}

// "https://witness.example:8443", for messages: paths may be secret.
absl::StatusOr<std::string> CheckUrl(const CurlLibrary& curl,
                                     const std::string& url) {
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl.url());
  const auto part = [&](CURLUPart which) -> std::string {
    char* text = nullptr;
    if (curl.url_get(parsed.get(), which, &text, 0) != CURLUE_OK) return "";
    const std::unique_ptr<char, FreeText> owner(text);
    return text;
  };
  if (url.find('\0') != std::string::npos ||
      curl.url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                   CURLU_DISALLOW_USER) != CURLUE_OK) {
    return absl::InvalidArgumentError(
        "url: want https://host/path or http://host/path, without a user name");
  }
  const std::string scheme = part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return absl::InvalidArgumentError("url: want https or http, got another");
  }
  const std::string port = part(CURLUPART_PORT);
  return absl::StrCat(scheme, "://", part(CURLUPART_HOST),
                      port.empty() ? "" : ":", port);
}

absl::Status AppendLine(const CurlLibrary& curl, const std::string& line,
                        HeaderList* list) {
  curl_slist* longer = curl.slist_append(list->get(), line.c_str());
  if (longer == nullptr) {
    return absl::ResourceExhaustedError("headers: want memory, got none");
  }
  (void)list->release();  // Its first element is the longer one's.
  list->reset(longer);
  return absl::OkStatus();
}

absl::Status AddHeader(const CurlLibrary& curl, absl::string_view name,
                       absl::string_view value, HeaderList* list) {
  const auto is_control = [](char c) { return absl::ascii_iscntrl(c); };
  if (name.empty() || absl::StrContains(name, ":") || value.empty() ||
      absl::c_any_of(name, is_control) || absl::c_any_of(value, is_control)) {
    return absl::InvalidArgumentError(
        "headers: want a name and a value without control characters");
  }
  return AppendLine(curl, absl::StrCat(name, ": ", value), list);
}

}  // namespace

class HttpClient::Impl {
 public:
  explicit Impl(HttpClientOptions options) : options_(std::move(options)) {}

  ~Impl() {
    if (handle_ == nullptr) return;
    curl_->easy_cleanup(handle_);
    curl_->global_cleanup();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // `body` is null for GET.
  absl::StatusOr<HttpResponse> Run(const std::string& url,
                                   const absl::string_view* body,
                                   absl::Span<const HttpHeader> headers) {
    SUBROSA_RETURN_IF_ERROR(Load());
    SUBROSA_ASSIGN_OR_RETURN(const std::string place, CheckUrl(*curl_, url));
    HeaderList list;
    if (body != nullptr) {
      // No waiting for a go-ahead that many servers never give.
      SUBROSA_RETURN_IF_ERROR(AppendLine(*curl_, "Expect:", &list));
    }
    for (const HttpHeader& header : headers) {
      SUBROSA_RETURN_IF_ERROR(
          AddHeader(*curl_, header.name, header.value, &list));
    }
    Transfer transfer;
    transfer.allow_private_addresses = options_.allow_private_addresses;
    transfer.max_body_bytes = options_.max_response_bytes;
    if (!SetUp(url, body, list.get(), &transfer)) {
      return absl::InternalError("http: want a libcurl with all our options");
    }
    const CURLcode code = curl_->easy_perform(handle_);
    Number status = 0;
    curl_->easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    // Keeps the connection, and drops what points to this function's objects.
    curl_->easy_reset(handle_);
    if (code != CURLE_OK) return WhyNot(code, transfer, place);
    transfer.response.status = static_cast<int>(status);
    return std::move(transfer.response);
  }

 private:
  absl::Status Load() {
    if (handle_ != nullptr) return absl::OkStatus();
    curl_ = CurlLibrary::Load();
    if (curl_ == nullptr) {
      return absl::UnavailableError(
          "http: want libcurl 4 (Debian's libcurl4), got none");
    }
    // Debian's libcurl may be initialised from any thread (CURL_VERSION_
    // THREADSAFE), and counts.
    curl_->global_init(CURL_GLOBAL_DEFAULT);
    handle_ = curl_->easy_init();
    if (handle_ != nullptr) return absl::OkStatus();
    curl_->global_cleanup();
    return absl::ResourceExhaustedError("http: want memory, got none");
  }

  // False if the library refuses one of the bounds: it must not run without.
  bool SetUp(const std::string& url, const absl::string_view* body,
             curl_slist* headers, Transfer* transfer) {
    set_up_ = true;
    Set(CURLOPT_URL, url.c_str());
    Set(CURLOPT_HTTPHEADER, headers);
    if (body != nullptr) {
      Set(CURLOPT_POST, Number{1});
      // Null would have the library read standard input.
      Set(CURLOPT_POSTFIELDS, body->empty() ? "" : body->data());
      Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    }
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_HTTP_VERSION, Number{CURL_HTTP_VERSION_1_1});
    Set(CURLOPT_FOLLOWLOCATION, Number{0});
    // An empty name keeps out what the environment says.
    Set(CURLOPT_PROXY, "");
    Set(CURLOPT_NOPROXY, "*");
    Set(CURLOPT_NETRC, Number{CURL_NETRC_IGNORED});
    Set(CURLOPT_DISALLOW_USERNAME_IN_URL, Number{1});
    Set(CURLOPT_PATH_AS_IS, Number{1});
    Set(CURLOPT_SSL_VERIFYPEER, Number{1});
    Set(CURLOPT_SSL_VERIFYHOST, Number{2});
    Set(CURLOPT_SSLVERSION, Number{CURL_SSLVERSION_TLSv1_2});
    if (!options_.authorities_file.empty()) {
      Set(CURLOPT_CAINFO, options_.authorities_file.c_str());
      Set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
    }
    Set(CURLOPT_NOSIGNAL, Number{1});
    Set(CURLOPT_TIMEOUT_MS,
        static_cast<Number>(
            std::max<int64_t>(1, absl::ToInt64Milliseconds(options_.timeout))));
    Set(CURLOPT_OPENSOCKETFUNCTION, OpenSocket);
    Set(CURLOPT_OPENSOCKETDATA, transfer);
    Set(CURLOPT_WRITEFUNCTION, TakeBody);
    Set(CURLOPT_WRITEDATA, transfer);
    Set(CURLOPT_HEADERFUNCTION, TakeHeader);
    Set(CURLOPT_HEADERDATA, transfer);
    Set(CURLOPT_MAXFILESIZE_LARGE,
        static_cast<curl_off_t>(options_.max_response_bytes));
    return set_up_;
  }

  template <typename Value>
  void Set(CURLoption option, Value value) {
    set_up_ = curl_->easy_setopt(handle_, option, value) == CURLE_OK && set_up_;
  }

  absl::Status WhyNot(CURLcode code, const Transfer& transfer,
                      const std::string& place) const {
    if (transfer.too_long || code == CURLE_FILESIZE_EXCEEDED) {
      return absl::UnavailableError(absl::StrCat(
          place, ": want a response of at most ", options_.max_response_bytes,
          " bytes, got a longer one"));
    }
    if (transfer.refused_address && code == CURLE_COULDNT_CONNECT) {
      return absl::PermissionDeniedError(absl::StrCat(
          place, ": want a public address, got a private or reserved one"));
    }
    return absl::UnavailableError(
        absl::StrCat(place, ": want a response, got: ",
                     absl::AsciiStrToLower(curl_->easy_strerror(code))));
  }

  const HttpClientOptions options_;
  const CurlLibrary* curl_ = nullptr;
  CURL* handle_ = nullptr;  // Once something was asked for.
  bool set_up_ = true;
};

HttpClient::HttpClient(HttpClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

HttpClient::~HttpClient() = default;

absl::StatusOr<HttpResponse> HttpClient::Get(
    const std::string& url, absl::Span<const HttpHeader> headers) {
  return impl_->Run(url, nullptr, headers);
}

absl::StatusOr<HttpResponse> HttpClient::Post(
    const std::string& url, absl::string_view body,
    absl::string_view content_type, absl::Span<const HttpHeader> headers) {
  std::vector<HttpHeader> all = {{"Content-Type", std::string(content_type)}};
  all.insert(all.end(), headers.begin(), headers.end());
  return impl_->Run(url, &body, all);
}

}  // namespace subrosa
