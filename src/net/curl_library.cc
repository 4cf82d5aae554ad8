#include "src/net/curl_library.h"

#include <dlfcn.h>

namespace subrosa {
namespace {

// Of the headers that this was compiled with; Debian keeps it.
constexpr char kName[] = "libcurl.so.4";

template <typename Function>
bool Find(void* library, const char* name, Function** function) {
  *function = reinterpret_cast<Function*>(dlsym(library, name));
  return *function != nullptr;
}

const CurlLibrary* LoadOnce() {
  void* const from = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (from == nullptr) return nullptr;
  auto* const curl = new CurlLibrary;
  const bool is_whole =
      Find(from, "curl_global_init", &curl->global_init) &&
      Find(from, "curl_global_cleanup", &curl->global_cleanup) &&
      Find(from, "curl_easy_init", &curl->easy_init) &&
      Find(from, "curl_easy_cleanup", &curl->easy_cleanup) &&
      Find(from, "curl_easy_setopt", &curl->easy_setopt) &&
      Find(from, "curl_easy_perform", &curl->easy_perform) &&
      Find(from, "curl_easy_getinfo", &curl->easy_getinfo) &&
      Find(from, "curl_easy_reset", &curl->easy_reset) &&
      Find(from, "curl_easy_strerror", &curl->easy_strerror) &&
      Find(from, "curl_slist_append", &curl->slist_append) &&
      Find(from, "curl_slist_free_all", &curl->slist_free_all) &&
      Find(from, "curl_url", &curl->url) &&
      Find(from, "curl_url_cleanup", &curl->url_cleanup) &&
      Find(from, "curl_url_get", &curl->url_get) &&
      Find(from, "curl_url_set", &curl->url_set) &&
      Find(from, "curl_free", &curl->free);
  if (is_whole) return curl;
  delete curl;
  return nullptr;
}

}  // namespace

const CurlLibrary* CurlLibrary::Load() {
  static const CurlLibrary* const curl = LoadOnce();
  return curl;
}

}  // namespace subrosa
