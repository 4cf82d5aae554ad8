// libcurl, loaded when something is first asked for over HTTP. It brings some
// thirty libraries with it; a program that asks for nothing, as one that checks
// a certificate, starts without them. Internal to the room.
//
// Thread-safe.
#ifndef SUBROSA_SRC_NET_CURL_LIBRARY_H_
#define SUBROSA_SRC_NET_CURL_LIBRARY_H_

#include <curl/curl.h>

namespace subrosa {

struct CurlLibrary {
  // Null if libcurl is not installed, or lacks a function. Loaded once, and
  // never unloaded.
  static const CurlLibrary* Load();

  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_global_cleanup) global_cleanup = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  decltype(&curl_url) url = nullptr;
  decltype(&curl_url_cleanup) url_cleanup = nullptr;
  decltype(&curl_url_get) url_get = nullptr;
  decltype(&curl_url_set) url_set = nullptr;
  decltype(&curl_free) free = nullptr;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_CURL_LIBRARY_H_
