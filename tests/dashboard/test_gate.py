"""The requests that the dashboard answers, and the permissions of its pages."""

from __future__ import annotations

import pytest

from sim.dashboard.gate import MOST_BYTES
from tests.dashboard.conftest import HERE, PORT


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"[::1]:{PORT}", ""],
)
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
def test_its_own_names_are_answered(client, host):
    assert client.get("/static/dashboard.js", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"},
        {"Origin": f"https://127.0.0.1:{PORT}"}, {"Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(page, headers, method):
    key = {"X-Page-Key": page.key}
    assert page.client.request(method, "/answer", headers=headers | key).status_code == 403


def test_what_changes_something_says_where_it_comes_from(page):
    assert page.client.post("/answer", headers={"X-Page-Key": page.key}).status_code == 403


@pytest.mark.parametrize("key", [None, "", "guessed"])
def test_what_changes_something_has_the_key_of_an_open_page(client, key):
    headers = {"Origin": HERE} | ({} if key is None else {"X-Page-Key": key})
    for address in ("/answer", "/files/upload", "/jobs/any/stop"):
        assert client.post(address, headers=headers).status_code == 403


def test_a_body_without_end_is_not_read(page):
    def body():
        for _ in range(3):
            yield b"x" * (MOST_BYTES // 2)

    headers = {
        "X-Page-Key": page.key,
        "Origin": HERE,
        "Content-Type": "multipart/form-data; boundary=b",
    }
    assert page.client.post("/files/upload", content=body(), headers=headers).status_code == 413
    whole = b"x" * (2 * MOST_BYTES)
    assert page.client.post("/files/upload", content=whole, headers=headers).status_code == 413


@pytest.mark.parametrize("address", ["/", "/nowhere", "/static/htmx.min.js", "/?case=nobody"])
def test_every_answer_forbids_all_but_its_own_files(client, address):
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_a_page_has_no_script_or_style_of_its_own(page):
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert " onclick" not in page.text
    assert page.text.count("<script") == page.text.count("<script src=") == 2
    assert "//" not in page.text.replace(HERE, "")


def test_no_link_leads_out_of_the_folder_of_static_files(client):
    for address in ("/static/../desk.py", "/static/%2e%2e/desk.py", "/style/../page_parts.py"):
        assert client.get(address).status_code == 404


def test_two_pages_have_two_keys(page, client):
    assert type(page)(client).load().key != page.key
