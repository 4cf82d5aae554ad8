"""Where the second verifier reads a log: a folder, or a URL."""

import pathlib
import urllib.error
import urllib.request
import zlib

from log_note import NotProven

FETCH_SECONDS = 30


class Folder:
    """A log in a folder."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def read(self, name, most):
        """The file's bytes, one more than `most` at most; None if it is not there."""
        try:
            with open(self.path / name, "rb") as file:
                return file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise NotProven(name, "a file that can be read", error.strerror) from None

    def names(self):
        return sorted(path.relative_to(self.path).as_posix()
                      for path in self.path.rglob("*") if not path.is_dir())


class Site:
    """A log behind a URL. What lies there beside the log cannot be seen."""

    def __init__(self, url, token=None):
        self.url = url.rstrip("/")
        self.headers = {"Accept-Encoding": "gzip, identity"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def read(self, name, most):
        request = urllib.request.Request(f"{self.url}/{name}", headers=self.headers)
        try:
            with urllib.request.urlopen(request, timeout=FETCH_SECONDS) as answer:
                data = answer.read(most + 1)
                if answer.headers.get("Content-Encoding", "identity") == "gzip":
                    data = zlib.decompressobj(wbits=31).decompress(data, most + 1)
                return data
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            raise NotProven(name, "an answer", f"HTTP {error.code}") from None
        except (OSError, zlib.error):
            raise NotProven(name, "an answer", "none") from None

    def names(self):
        return []


def need(source, name, most, part=None):
    data = source.read(name, most)
    if data is None:
        raise NotProven(part or name, "a file", "none")
    if len(data) > most:
        raise NotProven(part or name, f"at most {most} bytes", "more")
    return data
