"""Hits and near misses of each family: the near miss differs from a hit in the one thing that makes it nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas_build.scrub.scrubber import Scrubber

ROOT = Path(__file__).parent.parent

HITS = [
    ("vendor", "key AKIA" + "Q3R7TZLWMX5NB2KD leaked", "key [SECRET_1] leaked"),
    ("webhook", "post to https://chat.kestrelworks.io/hooks/q8wz5nfk3tbx7pmdh1rcy6uajo", "post to https://chat.kestrelworks.io/hooks/[SECRET_1]"),
    ("assignment", 'password = "maple$412x"', 'password = "[SECRET_1]"'),
    ("url password", "redis://:p4ssw0rd@redis-prod:6379/0", "redis://:[SECRET_1]@redis-prod:6379/0"),
    ("prose", "the password for staging is Zebra!2041", "the password for staging is [SECRET_1]"),
    ("flag", "app --token 8f14e45fceea167a5a36dedd", "app --token [SECRET_1]"),
    ("home", "/Users/zlatkovic/app", "/Users/[USERNAME_1]/app"),
    ("home, Windows, blanks", "C:\\Users\\Gisela Thoma\\x", "C:\\Users\\[USERNAME_1]\\x"),
    ("home, percent", "%2FUsers%2Fzlatkovic%2Fapp", "%2FUsers%2F[USERNAME_1]%2Fapp"),
    ("prompt", "milena@build-nuc:~/src$ ls", "[USERNAME_1]@[HOST_1]:~/src$ ls"),
    ("url user", "git clone https://zlatkovic@dev.azure.com/x/_git/y", "git clone https://[USERNAME_1]@dev.azure.com/x/_git/y"),
    ("mail", "<ida@fjordwerk.no>", "<[EMAIL_1]>"),
    ("mail, spelled", "ida at fjordwerk dot no", "[EMAIL_1]"),
    ("mention", "thanks @mirkovasiljev!", "thanks [HANDLE_1]!"),
    ("profile", "https://github.com/pernille-os", "https://github.com/[HANDLE_1]"),
    ("phone", "call 415-555-0188", "call [PHONE_1]"),
    ("ip", "ping 51.15.204.9", "ping [IP_1]"),
    ("mac", "MAC 3c:22:fb:9a:10:e4", "MAC [MAC_1]"),
    ("card", "card 4539148803436467", "card [CREDIT_CARD_1]"),
    ("iban", "IBAN DE89370400440532013000", "IBAN [IBAN_1]"),
    ("id", "PESEL 44051401359", "PESEL [NATIONAL_ID_1]"),
    ("birth", "born on 12/04/1961", "born on [BIRTH_DATE_1]"),
    ("address", "to 77 Elm Street, Springfield, IL 62704.", "to [ADDRESS_1]."),
    ("trailer", "Acked-by: Kazuko I. <k@ishiguro.jp>", "Acked-by: [PERSON_1] <[EMAIL_1]>"),
    ("title", "Anrufen bei Frau Meier", "Anrufen bei [PERSON_1]"),
    ("name that is two words", "My name is Will Turner.", "My name is [PERSON_1]."),
    ("asking", "ask Kazuko about it", "ask [PERSON_1] about it"),
    ("initial", "written by H. Nakamura", "written by [PERSON_1]"),
    ("Cyrillic", "Спроси у Игоря Белякова", "Спроси у [PERSON_1]"),
    ("Chinese", "王小明的电话", "[PERSON_1]的电话"),
    ("Korean", "윤서준 대리님", "[PERSON_1] 대리님"),
    ("Japanese", "高橋さん", "[PERSON_1]さん"),
]  # fmt: skip

NEAR_MISSES = [
    ("stand-in key", "OPENAI_API_KEY=sk-your-key-here-xxxxxxxxxxxxxxxx"),
    ("look-up", "password = os.environ['DB_PASSWORD']"),
    ("type", "password: string; token?: string;"),
    ("talk", "the token is expired and the password is wrong"),
    ("default login", "postgres://postgres:postgres@localhost:5432/db"),
    ("header line alone", "it starts with -----BEGIN PRIVATE KEY----- as it should"),
    ("route", "GET /users/active and /home/about"),
    ("generic home", "/home/runner/work and /Users/<YourName>/x"),
    ("generic prompt", "user@host:~$ make"),
    ("scp-like repository", "git@github.com:org/repo.git"),
    ("package", "lodash@4.17.21 and @scope/name"),
    ("decorator", "@dataclass and @pytest.fixture(scope='module')"),
    ("file mention", "read @README.md"),
    ("organization", "https://github.com/facebook"),
    ("epoch", "1700000000000"),
    ("private ip", "10.244.1.17 and 192.168.0.4"),
    ("version", "upgrade to 3.11.4.2"),
    ("fingerprint", "AA:9B:83:7C:E3:B9:14:D2:24:5C:7F:5F:65:82:5F:11"),
    ("card without checksum", "4539148803436468"),
    ("id without label", "44051401359"),
    ("robot trailer", "Co-authored-by: Claude <noreply@anthropic.com>"),
    ("agent", "ask Claude about it"),
    ("heading", "Outlier Answered With A Therapy Sent To Shopkeepers"),
    ("greeting without a name", "Hi there, thanks again"),
    ("word in Chinese", "我是说，数据库的问题"),
]  # fmt: skip


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_policy(ROOT / "data")


@pytest.mark.parametrize(("text", "expected"), [hit[1:] for hit in HITS], ids=[hit[0] for hit in HITS])
def test_hit(scrubber: Scrubber, text: str, expected: str) -> None:
    assert scrubber.scrub_text(text).text == expected


@pytest.mark.parametrize("text", [miss[1] for miss in NEAR_MISSES], ids=[miss[0] for miss in NEAR_MISSES])
def test_near_miss(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text
