"""Downloads from a server on this machine that breaks off, lies, refuses, is busy, or changes its mind."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from geo import download as module
from geo.cli import main
from geo.download import Wanted, download, fetch, geonames
from geo.errors import InputError

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"


def archive(size: int = 0, name: str = "LY.txt", content: bytes = b"") -> bytes:
    """Return a zip archive; random bytes cannot be packed, so its size is what is asked for."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        info = zipfile.ZipInfo(name, (2026, 11, 20, 0, 0, 0))
        packed.writestr(info, content or random.Random(7).randbytes(size))
    return raw.getvalue()


class Publisher:
    """Serve files, with faults that a test switches on.

    `cuts` are the bytes after which the next answers break off; `answers` are status codes given first.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.cuts: list[int] = []
        self.answers: list[int] = []
        self.ranges = True
        self.etag = True
        self.wrong_range = False
        self.announce: Callable[[int], int] | None = lambda size: size
        self.pause_s = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def _handler(publisher) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append((self.path.lstrip("/"), dict(self.headers)))
                if publisher.answers:
                    self.send_response(publisher.answers.pop(0))
                    self.send_header("Retry-After", "7")
                    self.end_headers()
                elif self.path.lstrip("/") not in publisher.files:
                    self.send_error(404)
                else:
                    self._send(publisher.files[self.path.lstrip("/")])

            def _send(self, body: bytes) -> None:
                tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
                if publisher.etag and self.headers.get("If-None-Match") == tag:
                    self.send_response(304)
                    self.end_headers()
                    return
                start, whole = 0, body
                same = self.headers.get("If-Range") == tag or not publisher.etag
                if publisher.ranges and same and self.headers.get("Range"):
                    start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                    if start >= len(body):
                        self.send_response(416)
                        self.end_headers()
                        return
                    self.send_response(206)
                    shown = 0 if publisher.wrong_range else start
                    self.send_header("Content-Range", f"bytes {shown}-{len(body) - 1}/{len(body)}")
                    body = body[start:]
                else:
                    self.send_response(200)
                if publisher.etag:
                    self.send_header("ETag", tag)
                if publisher.announce:
                    self.send_header("Content-Length", str(publisher.announce(len(whole)) - start))
                self.end_headers()
                if publisher.cuts:
                    body = body[: publisher.cuts.pop(0)]
                for at in range(0, len(body), 1 << 15):
                    self.wfile.write(body[at : at + (1 << 15)])
                    time.sleep(publisher.pause_s)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("no_proxy", "*")
    served = Publisher()
    served.files["LY.zip"] = archive(600_000)
    yield served
    served.close()


def get(publisher: Publisher, target: Path, name: str = "LY.zip", **more: object) -> list[float]:
    """Download, and return the pauses that were made."""
    pauses: list[float] = []
    download(publisher.url + name, target, sleep=pauses.append, **more)  # type: ignore[arg-type]
    assert target.read_bytes() == publisher.files[name]
    assert not target.with_name(f"{target.name}.part").exists()
    return pauses


def test_a_file_with_its_progress(publisher: Publisher, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    pauses = get(
        publisher, tmp_path / "new" / "LY.zip", progress=lambda done, size: seen.append((done, size))
    )
    size = len(publisher.files["LY.zip"])
    assert seen[-1] == (size, size)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert pauses == []


def test_what_has_not_changed_is_not_sent_again(publisher: Publisher, tmp_path: Path) -> None:
    get(publisher, tmp_path / "LY.zip")
    stamp = (tmp_path / "LY.zip").stat().st_mtime_ns
    get(publisher, tmp_path / "LY.zip")
    assert "If-None-Match" in publisher.asked[-1][1]
    assert (tmp_path / "LY.zip").stat().st_mtime_ns == stamp
    publisher.files["LY.zip"] = archive(1000)
    get(publisher, tmp_path / "LY.zip")
    (tmp_path / "LY.zip").write_bytes(b"spoilt by somebody")
    get(publisher, tmp_path / "LY.zip")


def test_a_broken_download_goes_on_where_it_stopped(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cuts = [100_000, 200_000, 0, 50_000]
    pauses = get(publisher, tmp_path / "LY.zip")
    ranges = [headers.get("Range") for _, headers in publisher.asked]
    assert ranges == [None, "bytes=100000-", "bytes=300000-", "bytes=300000-", "bytes=350000-"]
    assert pauses == [1, 1, 2, 1], "a pause doubles only where nothing came"


def test_a_server_without_ranges_sends_all_again(publisher: Publisher, tmp_path: Path) -> None:
    publisher.ranges = False
    publisher.cuts = [100_000]
    get(publisher, tmp_path / "LY.zip")
    assert "Range" in publisher.asked[1][1]


def test_without_etag_or_date_nothing_is_put_together(publisher: Publisher, tmp_path: Path) -> None:
    publisher.etag = False
    publisher.cuts = [100_000]
    get(publisher, tmp_path / "LY.zip")
    assert [headers.get("Range") for _, headers in publisher.asked] == [None, None]


def test_a_file_that_changed_meanwhile_is_taken_anew(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cuts = [100_000] + [0] * 5
    with pytest.raises(InputError, match="broke off at 100,000 of"):
        get(publisher, tmp_path / "LY.zip")
    assert (tmp_path / "LY.zip.part").stat().st_size == 100_000
    publisher.files["LY.zip"] = archive(500_000)
    get(publisher, tmp_path / "LY.zip")


def test_a_wrong_range_is_not_believed(publisher: Publisher, tmp_path: Path) -> None:
    publisher.wrong_range = True
    publisher.cuts = [100_000]
    get(publisher, tmp_path / "LY.zip")


def test_a_part_longer_than_the_file_is_dropped(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cuts = [100_000] + [0] * 5
    with pytest.raises(InputError):
        get(publisher, tmp_path / "LY.zip")
    with (tmp_path / "LY.zip.part").open("ab") as part:
        part.write(bytes(1_000_000))
    get(publisher, tmp_path / "LY.zip")


@pytest.mark.parametrize(
    ("announce", "message"),
    [
        (lambda size: size + 1000, "broke off at|no connection|less than was taken"),
        (lambda size: size - 1000, r"the archive is damaged \(.*\); given up after 2 attempts"),
    ],
)
def test_a_wrong_size_is_not_believed(
    publisher: Publisher, tmp_path: Path, announce: Callable[[int], int], message: str
) -> None:
    publisher.announce = announce
    with pytest.raises(InputError, match=message):
        get(publisher, tmp_path / "LY.zip")
    assert not (tmp_path / "LY.zip").exists()


def test_no_size_at_all_and_a_damaged_archive(publisher: Publisher, tmp_path: Path) -> None:
    publisher.announce = None
    get(publisher, tmp_path / "LY.zip")
    whole = publisher.files["LY.zip"]
    publisher.files["SY.zip"] = whole[:300_000] + bytes(8) + whole[300_008:]
    with pytest.raises(InputError, match=r"SY\.zip: the archive is damaged .*; given up after 2 attempts"):
        get(publisher, tmp_path / "SY.zip", "SY.zip")
    assert not list(tmp_path.glob("SY.zip*"))


def test_a_busy_server_is_asked_again_when_it_says(publisher: Publisher, tmp_path: Path) -> None:
    publisher.answers = [503, 429]
    assert get(publisher, tmp_path / "LY.zip") == [7, 7]
    publisher.answers = [500] * 9
    (tmp_path / "LY.zip").unlink()
    with pytest.raises(InputError, match=r"busy or broken \(500 .*\); given up after 6 attempts"):
        get(publisher, tmp_path / "LY.zip")
    assert len(publisher.answers) == 3


def test_what_no_attempt_can_mend_is_told_at_once(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"XX\.zip: the publisher has no such file \(404\); check the code"):
        get(publisher, tmp_path / "XX.zip", "XX.zip")
    publisher.answers = [403]
    with pytest.raises(
        InputError, match=r"the publisher refused \(403 Forbidden\); download the file by hand"
    ):
        get(publisher, tmp_path / "LY.zip")
    assert len(publisher.asked) == 2
    with pytest.raises(InputError, match="no address of the web"):
        download("file:///etc/passwd", tmp_path / "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        get(publisher, tmp_path / "file" / "LY.zip")


def test_offline_is_told(publisher: Publisher, tmp_path: Path) -> None:
    publisher.close()
    pauses: list[float] = []
    with pytest.raises(InputError, match=r"no connection .*Is this machine online\?.*`geo gazetteer add`"):
        download(publisher.url + "LY.zip", tmp_path / "LY.zip", sleep=pauses.append)
    assert pauses == [1, 2, 4, 8, 16]


def test_a_full_disk_is_told(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = module.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(InputError, match="room for 1,000 bytes more, the file needs"):
        get(publisher, tmp_path / "LY.zip")
    monkeypatch.undo()
    monkeypatch.setenv("no_proxy", "*")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(InputError, match="the disk is full; make room, and run the command again"):
        get(publisher, tmp_path / "LY.zip")
    monkeypatch.undo()
    monkeypatch.setenv("no_proxy", "*")
    get(publisher, tmp_path / "LY.zip")


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_ten_kills_at_random_moments(publisher: Publisher, tmp_path: Path) -> None:
    get(publisher, tmp_path / "LY.zip")
    old = (tmp_path / "LY.zip").read_bytes()
    publisher.files["LY.zip"] = archive(3_000_000)
    publisher.pause_s = 0.05  # longer than ten moments together: each is one of the download
    code = "import sys, pathlib, geo.download; geo.download.download(sys.argv[1], pathlib.Path(sys.argv[2]))"
    command = [sys.executable, "-c", code, publisher.url + "LY.zip", str(tmp_path / "LY.zip")]
    moments = random.Random(20261125)
    killed = 0
    for _ in range(10):
        process = subprocess.Popen(command, cwd=SAMPLES.parents[2])
        try:
            process.wait(moments.uniform(0.2, 0.5))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        now = (tmp_path / "LY.zip").read_bytes()
        assert now in (old, publisher.files["LY.zip"]), "never half a file"
    assert killed > 2
    publisher.pause_s = 0.0
    get(publisher, tmp_path / "LY.zip")


def test_two_processes_do_not_write_one_file(publisher: Publisher, tmp_path: Path) -> None:
    with (
        module._alone(tmp_path / "LY.zip"),
        pytest.raises(InputError, match="another process is downloading it"),
    ):
        get(publisher, tmp_path / "LY.zip")


def test_codes_of_countries(publisher: Publisher, tmp_path: Path) -> None:
    assert geonames(["ly", "LY", "all"]) == [
        Wanted("geonames-ly", ("LY.zip", "alternatenames/LY.zip")),
        Wanted("geonames-all", ("allCountries.zip", "alternateNamesV2.zip")),
    ]
    with pytest.raises(InputError, match="'LIBYA' is no country"):
        geonames(["Libya"])
    publisher.files["alternatenames/LY.zip"] = archive(10)
    paths = fetch(geonames(["LY"])[0], tmp_path, publisher.url.rstrip("/"))
    assert paths == [tmp_path / "LY.zip", tmp_path / "alternatenames" / "LY.zip"]


def test_the_command_downloads_and_adds(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_HOME", str(tmp_path / "home"))
    publisher.files["LY.zip"] = archive(content=(SAMPLES / "geonames-LY.txt").read_bytes())
    publisher.files["alternatenames/LY.zip"] = archive(
        content=(SAMPLES / "geonames-names-LY.txt").read_bytes()
    )
    done = CliRunner().invoke(main, ["gazetteer", "fetch", "geonames", "ly", "--base-url", publisher.url])
    assert done.exit_code == 1, done.output
    assert "pack geonames-ly: 8 places" in done.output
    assert "6 rows rejected" in done.output
    listed = CliRunner().invoke(main, ["gazetteer", "list"])
    assert listed.output.startswith("geonames-ly: ")
    assert "CC BY 4.0" in listed.output
    found = CliRunner().invoke(main, ["lookup", "مرسى العودة"])
    assert "geonames:900000005" in found.output
    only = ["gazetteer", "fetch", "geonames", "LY", "--no-add", "--folder", str(tmp_path / "kept")]
    shown = CliRunner().invoke(main, only, env={"GEO_GEONAMES_URL": publisher.url})
    assert shown.output.split() == [
        str(tmp_path / "kept" / "LY.zip"), str(tmp_path / "kept" / "alternatenames" / "LY.zip")
    ]  # fmt: skip
    missing = CliRunner().invoke(main, ["gazetteer", "fetch", "geonames", "XX", "--base-url", publisher.url])
    assert missing.exit_code == 1
    assert "no such file (404)" in missing.output
