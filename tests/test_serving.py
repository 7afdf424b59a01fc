"""The local server: it answers as a good static host would, and from the site's folder only."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from mini_site import FIRST, MiniSite, write_mini_site

from atlas_build.errors import InputError, UsageError
from atlas_build.serving import SiteServer, serve

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def site(tmp_path: Path) -> MiniSite:
    (tmp_path / "outside.html").write_text("outside", encoding="utf-8")
    return write_mini_site(tmp_path / "site")


@pytest.fixture
def server(site: MiniSite) -> Iterator[SiteServer]:
    with SiteServer(site.folder) as running:
        yield running


def ask(server: SiteServer, target: str, method: str = "GET") -> http.client.HTTPResponse:
    """One request with the target as it is: urllib would tidy it up."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
    connection.putrequest(method, target, skip_host=True)
    connection.putheader("Host", "localhost")
    connection.endheaders()
    response = connection.getresponse()
    response.content = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


def body(response: http.client.HTTPResponse) -> bytes:
    return response.content  # type: ignore[attr-defined,no-any-return]


def test_the_front_page_is_served(server: SiteServer, site: MiniSite) -> None:
    with urllib.request.urlopen(server.url, timeout=5) as response:
        assert response.status == 200
        assert response.read() == (site.folder / "index.html").read_bytes()


def test_a_folder_answers_with_its_page(server: SiteServer, site: MiniSite) -> None:
    response = ask(server, f"/c/{FIRST.slug}/?x=1")
    assert (response.status, body(response)) == (200, (site.folder / site.first).read_bytes())


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/assets/d1/css/main.css", "text/css; charset=utf-8"),
        ("/assets/d1/js/explorer.js", "text/javascript; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/data/cases.json.gz", "application/gzip"),
        ("/data/codebook.json", "application/json"),
        ("/data/SHA256SUMS", "text/plain; charset=utf-8"),
        ("/data/other.bin", "application/octet-stream"),
    ],
)
def test_content_types(server: SiteServer, site: MiniSite, path: str, content_type: str) -> None:
    for name in ("codebook.json", "SHA256SUMS", "other.bin"):
        site.write(f"data/{name}", "x")
    response = ask(server, path)
    assert (response.status, response.headers["Content-Type"]) == (200, content_type)
    assert response.headers["Content-Encoding"] is None


@pytest.mark.parametrize("path", ["/", "/nothing/"])
def test_every_answer_forbids_sniffing_and_framing(server: SiteServer, path: str) -> None:
    headers = ask(server, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize(
    "target",
    [
        "/nothing",
        "/nothing/",
        "/c/",
        "/data/",
        "/assets/",
        "/.nojekyll",
        "/.misalignment-atlas",
        "/.git/config",
        "/../outside.html",
        "/%2e%2e/outside.html",
        "/c/..%2f..%2foutside.html",
        "/c/%2e./%2e./outside.html",
        "/..%5coutside.html",
        "//outside.html/../../outside.html",
        "/codebook/./",
        "/codebook//",
        "/%00",
        "/%ff",
        "/list/1/index.html/",
        "/list/1/index.html%00.css",
        "/link.html",
        "/" + "a" * 5_000,
        "http://[",
    ],
)
def test_what_is_not_of_the_site_is_the_sites_own_404(server: SiteServer, site: MiniSite, target: str) -> None:
    (site.folder / "link.html").symlink_to(site.folder.parent / "outside.html")
    response = ask(server, target)
    assert (response.status, body(response)) == (404, (site.folder / "404.html").read_bytes())
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_site_without_404_page_answers_404_with_nothing(server: SiteServer, site: MiniSite) -> None:
    site.remove("404.html")
    response = ask(server, "/nothing")
    assert (response.status, body(response)) == (404, b"")


def test_a_folder_without_slash_leads_to_the_folder_and_keeps_the_query(server: SiteServer) -> None:
    response = ask(server, "/codebook?form=S3")
    assert (response.status, response.headers["Location"]) == (301, "/codebook/?form=S3")


@pytest.mark.parametrize("target", ["//codebook", "///codebook", "//example.com/..", "/%2Fcodebook"])
def test_a_redirect_never_leads_to_another_host(server: SiteServer, target: str) -> None:
    location = ask(server, target).headers["Location"]
    assert location in (None, "/codebook/")


def test_head_has_the_headers_of_get_and_no_content(server: SiteServer, site: MiniSite) -> None:
    response = ask(server, "/", "HEAD")
    assert (response.status, body(response)) == (200, b"")
    assert response.headers["Content-Length"] == str((site.folder / "index.html").stat().st_size)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(server: SiteServer, method: str) -> None:
    assert ask(server, "/", method).status == 501


def test_only_this_machine_is_served(server: SiteServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert server._server.server_address[0] == "127.0.0.1"


def test_many_connections_are_answered_at_once(server: SiteServer) -> None:
    """A connection that says nothing keeps nobody waiting."""
    address = (urlsplit(server.url).hostname, urlsplit(server.url).port)
    with socket.create_connection(address, timeout=5):
        assert ask(server, "/").status == 200


def test_the_log_is_quiet_even_when_a_browser_goes_away(
    server: SiteServer, site: MiniSite, capfd: pytest.CaptureFixture[str]
) -> None:
    site.write("large.json", b"0" * 8_000_000)
    with socket.create_connection((urlsplit(server.url).hostname, urlsplit(server.url).port), timeout=5) as connection:
        connection.sendall(b"GET /large.json HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(100)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert ask(server, "/nothing").status == 404
    assert capfd.readouterr() == ("", "")


def test_the_server_is_gone_after_its_block(site: MiniSite) -> None:
    with SiteServer(site.folder) as server:
        address = (urlsplit(server.url).hostname, urlsplit(server.url).port)
    with pytest.raises(OSError) as caught:
        socket.create_connection(address, timeout=1).close()
    assert caught.value.errno == errno.ECONNREFUSED


def test_a_taken_port_is_a_usage_error(site: MiniSite, server: SiteServer) -> None:
    port = urlsplit(server.url).port
    with pytest.raises(UsageError, match=f"port {port} is taken"):
        SiteServer(site.folder, port=port)


@pytest.mark.parametrize("port", [-1, 65_536, 10**9])
def test_a_number_that_is_no_port_is_a_usage_error(site: MiniSite, port: int) -> None:
    with pytest.raises(UsageError, match="no port number"):
        SiteServer(site.folder, port=port)


def test_a_given_port_is_used(site: MiniSite) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with SiteServer(site.folder, port=port) as server:
        assert server.url == f"http://127.0.0.1:{port}/"


def test_a_folder_that_is_no_site_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a site of ours"):
        serve(tmp_path)


def test_serve_says_its_address_and_passes_an_interrupt_on(site: MiniSite) -> None:
    code = (
        "import sys; from pathlib import Path; from atlas_build.serving import serve\n"
        "try: serve(Path(sys.argv[1]))\nexcept KeyboardInterrupt: print('interrupted'); sys.exit(130)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(site.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        line = process.stdout.readline().decode()
        url = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(url, timeout=5) as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (130, b"interrupted\n", b"")


def test_urllib_sees_a_404(server: SiteServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.url}nothing", timeout=5)
    caught.value.close()
    assert caught.value.code == 404
