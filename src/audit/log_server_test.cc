#include "src/audit/log_server.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/merkle.h"
#include "src/audit/test_log.h"
#include "src/audit/tile.h"
#include "src/base/file.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"
#include "src/net/loopback.h"

namespace subrosa {
namespace {

constexpr char kToken[] = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

std::string Entry(uint64_t index) {
  // Of different lengths, none included.
  return std::string(index % 5, static_cast<char>('a' + index % 26));
}

// The folder of a log of 300 entries: a full tile, and a partial one of 44.
class LogServerTest : public testing::Test {
 protected:
  LogServerTest() {
    std::filesystem::remove_all(base_);
    Write("checkpoint", log_.Checkpoint(300));
    WriteTile({0, 0, 256});
    WriteTile({0, 1, 44});
    Write("tile/1/000.p/1", std::string(32, 'r'));
    ReplaceOutside("planted");
  }

  void Write(const std::string& path, absl::string_view content) {
    const std::filesystem::path full = absl::StrCat(folder_, "/", path);
    std::filesystem::create_directories(full.parent_path());
    EXPECT_TRUE(ReplaceFile(full, content, 0600).ok());
  }

  void ReplaceOutside(absl::string_view content) {
    EXPECT_TRUE(ReplaceFile(base_ + "/outside", content, 0600).ok());
  }

  static std::string TileBytes(uint64_t first, int width) {
    std::string bytes;
    MerkleHasher hasher;
    for (int i = 0; i < width; ++i) {
      absl::StrAppend(&bytes, BytesOf(hasher.Leaf(Entry(first + i))));
    }
    return bytes;
  }

  static std::string BundleBytes(uint64_t first, int width) {
    std::string bytes;
    for (int i = 0; i < width; ++i) AppendToBundle(Entry(first + i), &bytes);
    return bytes;
  }

  void WriteTile(const TileId& tile) {
    Write(TilePath(tile), TileBytes(256 * tile.index, tile.width));
    Write(BundlePath(tile), BundleBytes(256 * tile.index, tile.width));
  }

  HttpResponse Get(const std::string& path,
                   const std::vector<HttpHeader>& headers = {}) const {
    return server_.Handle({"GET", path, "", headers, ""});
  }

  HttpResponse GetAsAuditor(const std::string& path) const {
    return Get(path, {{"Authorization", absl::StrCat("Bearer ", kToken)}});
  }

  const std::string base_ = testing::TempDir() + "/log_server";
  const std::string folder_ = base_ + "/log";
  TestLog log_{"rosewater.example/audit/0badcafe", 600};
  const LogServer server_{folder_,
                          {DigestOfToken("another"), DigestOfToken(kToken)}};
};

TEST_F(LogServerTest, AnyoneMayReadTheCheckpointAsItIsNow) {
  const HttpResponse response = Get("/checkpoint");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(FindHeader(response.headers, "Cache-Control"), "no-store");
  EXPECT_EQ(response.body, log_.Checkpoint(300));
}

TEST_F(LogServerTest, TheCosignedCheckpointIsThereOnceThereIsOne) {
  EXPECT_EQ(Get("/cosigned").status, 404);

  Write("cosigned", "cosigned\n");

  EXPECT_EQ(Get("/cosigned").body, "cosigned\n");
}

TEST_F(LogServerTest, AnyoneMayReadAndKeepHashes) {
  const HttpResponse response = Get("/tile/0/000");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/octet-stream");
  EXPECT_EQ(FindHeader(response.headers, "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(response.body, TileBytes(0, 256));
  EXPECT_EQ(Get("/tile/0/001.p/44").body, TileBytes(256, 44));
  EXPECT_EQ(Get("/tile/1/000.p/1").body, std::string(32, 'r'));
}

TEST_F(LogServerTest, AnAuditorMayReadEntries) {
  const HttpResponse response = GetAsAuditor("/tile/entries/000");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/octet-stream");
  EXPECT_EQ(FindHeader(response.headers, "Cache-Control"),
            "private, max-age=31536000, immutable");
  EXPECT_EQ(response.body, BundleBytes(0, 256));
  EXPECT_EQ(GetAsAuditor("/tile/entries/001.p/44").body, BundleBytes(256, 44));
}

TEST_F(LogServerTest, EntriesAreForAuditorsOnly) {
  const std::string token = kToken;
  const std::vector<std::vector<HttpHeader>> kCases = {
      {},
      {{"Authorization", ""}},
      {{"Authorization", token}},
      {{"Authorization", "Bearer"}},
      {{"Authorization", "Bearer "}},
      {{"Authorization", "Bearer  " + token}},
      {{"Authorization", "Bearer " + token + " "}},
      {{"Authorization", "Bearer " + token.substr(1)}},
      {{"Authorization", "Basic " + token}},
      {{"X-Authorization", "Bearer " + token}},
      {{"Authorization", "Bearer " + token}, {"Authorization", "Bearer x"}},
  };
  for (const auto& headers : kCases) {
    const HttpResponse response = Get("/tile/entries/000", headers);
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(FindHeader(response.headers, "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(FindHeader(response.headers, "Cache-Control"), "no-store");
  }
  // Nor does the digest open anything, nor is it said what there is.
  EXPECT_EQ(Get("/tile/entries/000",
                {{"Authorization",
                  absl::StrCat("Bearer ", BytesOf(DigestOfToken(kToken)))}})
                .status,
            401);
  EXPECT_EQ(Get("/tile/entries/999").status, 401);
  EXPECT_EQ(LogServer(folder_, {})
                .Handle({"GET",
                         "/tile/entries/000",
                         "",
                         {{"Authorization", "Bearer " + token}},
                         ""})
                .status,
            401);
}

TEST_F(LogServerTest, APartialTileIsCutFromOneThatIsFuller) {
  EXPECT_EQ(Get("/tile/0/000.p/7").body, TileBytes(0, 7));
  EXPECT_EQ(Get("/tile/0/001.p/43").body, TileBytes(256, 43));
  EXPECT_EQ(GetAsAuditor("/tile/entries/000.p/255").body, BundleBytes(0, 255));
  EXPECT_EQ(GetAsAuditor("/tile/entries/000.p/1").body, BundleBytes(0, 1));
  EXPECT_EQ(GetAsAuditor("/tile/entries/001.p/2").body, BundleBytes(256, 2));
}

TEST_F(LogServerTest, NothingIsServedThatTheCheckpointDoesNotCover) {
  // Written, and not yet in a checkpoint.
  WriteTile({0, 1, 256});
  WriteTile({0, 2, 5});

  for (const char* path :
       {"/tile/0/001", "/tile/0/001.p/45", "/tile/0/002.p/5", "/tile/0/002.p/1",
        "/tile/entries/001", "/tile/entries/001.p/45", "/tile/1/000",
        "/tile/1/000.p/2", "/tile/2/000.p/1", "/tile/7/000.p/1"}) {
    EXPECT_EQ(GetAsAuditor(path).status, 404) << path;
  }
  EXPECT_EQ(Get("/tile/0/001.p/44").body, TileBytes(256, 44));
  Write("checkpoint", log_.Checkpoint(517));
  EXPECT_EQ(Get("/tile/0/001").status, 200);
  EXPECT_EQ(Get("/tile/0/002.p/5").status, 200);
}

TEST_F(LogServerTest, NoPathLeadsAnywhereElse) {
  Write("tile/0/001x", "planted");
  Write("tile/planted", "planted");
  Write("planted", "planted");
  for (const std::string& path :
       {std::string(),
        std::string("/"),
        std::string("checkpoint"),
        std::string("//checkpoint"),
        std::string("/checkpoint/"),
        std::string("/./checkpoint"),
        std::string("/Checkpoint"),
        std::string("/checkpoint%00"),
        std::string("/checkpoint\0", 12),
        std::string("/%63heckpoint"),
        std::string("/planted"),
        std::string("/tile/planted"),
        std::string("/../outside"),
        std::string("/%2e%2e/outside"),
        std::string("/..%2foutside"),
        std::string("/tile/../../outside"),
        std::string("/tile/0/../0/000"),
        std::string("/tile/0/..%2f000"),
        std::string("/tile/0/000/.."),
        std::string("/tile/0/000/"),
        std::string("/tile//0/000"),
        std::string("/tile/0//000"),
        std::string("/tile/00/000"),
        std::string("/tile/+0/000"),
        std::string("/tile/-1/000"),
        std::string("/tile/8/000"),
        std::string("/tile/0/0"),
        std::string("/tile/0/0000"),
        std::string("/tile/0/x000/000"),
        std::string("/tile/0/001x"),
        std::string("/tile/0/000.p"),
        std::string("/tile/0/000.p/"),
        std::string("/tile/0/000.p/0"),
        std::string("/tile/0/000.p/07"),
        std::string("/tile/0/000.p/256"),
        std::string("/tile/0/000.p/7/"),
        std::string("/tile/0/000.P/7"),
        std::string("/tile/0/000\0", 12),
        std::string("/tile/0/000%00"),
        std::string("/tile/0/000.p/7%00"),
        std::string("/tile/entries"),
        std::string("/tile/entries/"),
        std::string("/tile/Entries/000"),
        std::string("/tile/entries/0/000"),
        std::string("\\tile\\0\\000"),
        "/tile/0/" + std::string(8000, '0'),
        absl::StrCat("/tile/0/", std::string(2000, 'x'), "000"),
        std::string("/tile/0/x999/x999/x999/x999/x999/x999/x999/999"),
        std::string("/incoming/x"),
        folder_ + "/checkpoint"}) {
    const HttpResponse response = GetAsAuditor(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_FALSE(absl::StrContains(response.body, "planted")) << path;
  }
  EXPECT_EQ(server_.Handle({"GET", "/checkpoint", "a", {}, ""}).status, 404);
}

TEST_F(LogServerTest, OverHttpNoPathLeadsAnywhereElseEither) {
  const std::unique_ptr<HttpServer> http = *HttpServer::Start(
      "127.0.0.1:0",
      [this](const HttpRequest& request) { return server_.Handle(request); });
  const auto status_of = [&](absl::string_view target) {
    return ExchangeBytes(http->port(),
                         absl::StrCat("GET ", target,
                                      " HTTP/1.1\r\nAuthorization: Bearer ",
                                      kToken, "\r\nConnection: close\r\n\r\n"))
        .substr(0, 12);
  };

  EXPECT_EQ(status_of("/tile/entries/000"), "HTTP/1.1 200");
  for (const std::string& target :
       {std::string("/../outside"), std::string("/%2e%2e/outside"),
        std::string("/tile/0/%2e%2e%2f%2e%2e%2foutside"),
        std::string("/tile/0/000%00"), std::string("/tile%2f0%2f000"),
        std::string("/checkpoint?a"), std::string("/%63heckpoint"),
        "/tile/0/" + std::string(4000, '0')}) {
    EXPECT_EQ(status_of(target), "HTTP/1.1 404") << target;
  }
  for (const std::string& target :
       {std::string("/tile/0/000\0", 12), std::string("/tile/0/000#"),
        std::string("tile/0/000"), std::string("http://h/tile/0/000"),
        "/tile/0/" + std::string(9000, '0')}) {
    EXPECT_EQ(status_of(target), "HTTP/1.1 400") << target;
  }
}

TEST_F(LogServerTest, NoLinkIsFollowed) {
  Write("tile/0/000", "");
  const std::string tile = folder_ + "/tile/0/000";
  const std::string checkpoint = folder_ + "/checkpoint";
  std::filesystem::remove(tile);
  ASSERT_EQ(symlink("../../../outside", tile.c_str()), 0);
  ReplaceOutside(TileBytes(0, 256));
  EXPECT_EQ(Get("/tile/0/000").status, 503);
  EXPECT_EQ(Get("/tile/0/000.p/7").status, 503);

  std::filesystem::rename(folder_ + "/tile/entries", base_ + "/entries");
  ASSERT_EQ(symlink("../../entries", (folder_ + "/tile/entries").c_str()), 0);
  EXPECT_EQ(GetAsAuditor("/tile/entries/000").status, 503);

  std::filesystem::rename(checkpoint, base_ + "/outside");
  ASSERT_EQ(symlink("../outside", checkpoint.c_str()), 0);
  EXPECT_EQ(Get("/checkpoint").status, 503);
  EXPECT_EQ(Get("/tile/0/001.p/44").status, 503);
}

TEST_F(LogServerTest, WhatIsNotWhatALogWritesIsNotServed) {
  Write("tile/0/000", TileBytes(0, 256) + "x");
  EXPECT_EQ(Get("/tile/0/000").status, 503);
  Write("tile/0/000", TileBytes(0, 255));
  EXPECT_EQ(Get("/tile/0/000").status, 503);
  Write("tile/entries/000", BundleBytes(0, 255));
  EXPECT_EQ(GetAsAuditor("/tile/entries/000").status, 503);
  Write("checkpoint", "no note");
  EXPECT_EQ(Get("/tile/0/001.p/44").status, 503);
  Write("checkpoint", std::string(size_t{2} << 20, 'c'));
  EXPECT_EQ(Get("/checkpoint").status, 503);
}

TEST_F(LogServerTest, ALogWithoutACheckpointHasNothingToShow) {
  std::filesystem::remove(folder_ + "/checkpoint");

  EXPECT_EQ(Get("/checkpoint").status, 404);
  EXPECT_EQ(Get("/tile/0/000").status, 404);
  EXPECT_EQ(LogServer(base_ + "/nowhere", {})
                .Handle({"GET", "/checkpoint", "", {}, ""})
                .status,
            404);
}

TEST_F(LogServerTest, OnlyGetAndHeadAreAnswered) {
  EXPECT_EQ(server_.Handle({"HEAD", "/checkpoint", "", {}, ""}).status, 200);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get", ""}) {
    const HttpResponse response =
        server_.Handle({method, "/checkpoint", "", {}, ""});
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(FindHeader(response.headers, "Allow"), "GET, HEAD");
  }
}

}  // namespace
}  // namespace subrosa
