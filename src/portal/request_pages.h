// RequestPages are the pages by which consumers ask and see what became of it:
// a form and a status page in plain HTML, without an account, a script, a
// cookie or a picture. They render and forward; the desk decides.
//
// Nothing here tells one visitor from another, so there is no session to steal
// and no form that another site could send in somebody's name. What a visitor
// has is a request's reference: 128 random bits, told once, when the request
// came in, and sent in a form's body and never in an address. With it the pages
// say where the request stands and what is due, and nothing that says whose it
// is.
//
// Bounds: those of the form (form_body.h), and kMaxFormsAMinute requests taken
// in. Who runs this puts a proxy before it that ends TLS and knows its clients.
//
// Thread-safe.
//
// Example:
//   RequestPages pages(*desk, policy.proto(), clock);
//   HttpServer::Start("127.0.0.1:8080", [&](const HttpRequest& request) {
//     return pages.Handle(request);
//   });
#ifndef SUBROSA_SRC_PORTAL_REQUEST_PAGES_H_
#define SUBROSA_SRC_PORTAL_REQUEST_PAGES_H_

#include <chrono>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/net/http_message.h"
#include "src/portal/form_body.h"
#include "src/request/request_desk.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

inline constexpr char kRequestFormPath[] = "/requests";
inline constexpr char kRequestStatusPath[] = "/requests/status";

// Requests that are taken in within one minute; more are told to come back.
inline constexpr int kMaxFormsAMinute = 120;

class RequestPages {
 public:
  // `desk`, which is for these pages alone, and `clock` must outlive this.
  RequestPages(RequestDesk& desk, const v1::Policy& policy, const Clock& clock)
      : desk_(desk), policy_(policy), clock_(clock) {}

  // How long a visitor waits for others, or for another process that has the
  // stores, before they are told to come back. (Who is at the desk already
  // waits as long as the desk does.)
  static constexpr std::chrono::seconds kPatience{2};

  // Status codes: 200; 400 for a form that is not filled in as it has to be;
  // 404 for another path, and a reference that leads to nothing; 405, 413 and
  // 415 for what no form of these pages sends; 503 for too many requests at
  // once, and where the desk cannot do it now. No page says more of an error.
  HttpResponse Handle(const HttpRequest& request);

 private:
  // The form, with what was filled in, and why nothing was sent.
  HttpResponse FormPage(const FormFields& filled,
                        const absl::Status& why) const;
  HttpResponse StatusForm(int status, absl::string_view why) const;
  HttpResponse Receive(absl::string_view body);
  HttpResponse ShowStatus(absl::string_view body);
  bool TakesOneMore();
  std::string EntityName() const;
  HttpResponse Page(int status, absl::string_view title,
                    absl::string_view content) const;

  std::timed_mutex mutex_;
  RequestDesk& desk_;  // Guarded by mutex_, as the two below.
  absl::Time minute_;
  int taken_in_minute_ = 0;
  const v1::Policy policy_;
  const Clock& clock_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_PORTAL_REQUEST_PAGES_H_
