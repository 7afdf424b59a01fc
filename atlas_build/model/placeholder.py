"""Typed placeholders: what a removed value leaves behind.

`[PERSON_1]` is the first person in one episode. The same value has the same placeholder in all fields of the
episode; the number means nothing outside it. A placeholder must never be taken for personal data again, so the
pattern below is also what the scrubber skips.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What kind of thing was removed. The value is the placeholder's word."""

    PERSON = "PERSON"
    USERNAME = "USERNAME"
    HANDLE = "HANDLE"
    CHAT_ID = "CHAT_ID"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    IP = "IP"
    MAC = "MAC"
    HOST = "HOST"
    ADDRESS = "ADDRESS"
    BIRTH_DATE = "BIRTH_DATE"
    GEO = "GEO"
    CREDIT_CARD = "CREDIT_CARD"
    IBAN = "IBAN"
    NATIONAL_ID = "NATIONAL_ID"
    SECRET = "SECRET"
    PRIVATE_KEY = "PRIVATE_KEY"
    REDACTED = "REDACTED"


TITLES: dict[Kind, str] = {
    Kind.PERSON: "a person’s name was here",
    Kind.USERNAME: "an account name was here",
    Kind.HANDLE: "a person’s handle was here",
    Kind.CHAT_ID: "a chat account id was here",
    Kind.EMAIL: "an e-mail address was here",
    Kind.PHONE: "a phone number was here",
    Kind.IP: "an IP address was here",
    Kind.MAC: "a hardware address was here",
    Kind.HOST: "a private host name was here",
    Kind.ADDRESS: "a postal address was here",
    Kind.BIRTH_DATE: "a date of birth was here",
    Kind.GEO: "coordinates of a place were here",
    Kind.CREDIT_CARD: "a card number was here",
    Kind.IBAN: "a bank account number was here",
    Kind.NATIONAL_ID: "a personal id number was here",
    Kind.SECRET: "a secret (key, token or password) was here",
    Kind.PRIVATE_KEY: "a private key was here",
    Kind.REDACTED: "already removed in the study’s own release",
}
"""What a reader is told when a placeholder is pointed at."""


def _name(title: str) -> str:
    return title.removesuffix(" was here").removesuffix(" were here").removeprefix("a ").removeprefix("an ")


NAMES: dict[Kind, str] = {
    **{kind: _name(title) for kind, title in TITLES.items()},
    Kind.REDACTED: "value already removed by the study",
}
"""What a kind is called in a list of kinds."""

HIGHEST_NUMBER = 999_999
PLACEHOLDER = re.compile(r"\[(" + "|".join(Kind) + r")_([1-9][0-9]{0,5})\]")
"""Group 1: the kind, group 2: the number inside the episode."""


def write_placeholder(kind: Kind, number: int) -> str:
    return f"[{kind}_{number}]"
