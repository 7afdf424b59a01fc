"""Public IP addresses and hardware addresses. Private, reserved and documentation ranges and versions stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Network
from atlas_build.scrub.recognizers.family import LEFT, Family, Hit

SCORE = 0.8
"""The form is checked by a parser, but a version may have it too; the rules for versions decide, not the score."""
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = re.compile(rf"(?<![\d.A-Za-z_\-+=~^])(?<!\d,){_OCTET}(?:\.{_OCTET}){{3}}(?![\d]|\.\d|-[a-z]|\+)")
_V6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){7}"
    r"|(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6})(?![\w:])"
)
_MAC = re.compile(
    rf"{LEFT}(?<![:\-])[0-9A-Fa-f]{{2}}(?:([:-])[0-9A-Fa-f]{{2}})(?:\1[0-9A-Fa-f]{{2}}){{4}}(?![0-9A-Fa-f:\-])"
)
_DOTTED_MAC = re.compile(rf"{LEFT}(?<!\.)[0-9A-Fa-f]{{4}}\.[0-9A-Fa-f]{{4}}\.[0-9A-Fa-f]{{4}}(?![0-9A-Za-z.])")
_MAC_CUE = re.compile(r"(?i:\bmac\b|arp|hwaddr|ether|interface|vlan|switch|station)|\b(?:eth|en|wlan|gi|fa|te)\d")
_NEAR_MAC = 40
"""Three groups of four hex digits are a hardware address only beside a word for networks."""
_VERSION_CUE = re.compile(
    r"(?:oid|version|versions|ver|v|release|build|windows|chrome|edge|firefox|safari|opera|driver|firmware"
    r"|assembly|sdk|upgrade[sd]?|bump(?:ed|s)?|==|>=|<=|~=|@|/)[\s:=\"'(v/]{0,4}$",
    re.IGNORECASE,
)
_VERSION_WORD = re.compile(r"\b(?:version|upgrad|downgrad|bump|release|updat)", re.IGNORECASE)
_OTHER_VERSION = re.compile(r"[A-Za-z][ /]v?\d{1,3}\.\d{1,4}\.\d{1,6}(?![\d.])")
"""A program and its version nearby: `CUDA 12.4.1 and cuDNN 8.9.7.29`."""
_ADDRESS_CUE = re.compile(
    r"(?:ip|host|server|address|addr|ssh|ping|listen|remote|peer|connect(?:ed|ing)?(?: to)?|://|@)[\s:=\"'(\[]{0,4}$",
    re.IGNORECASE,
)
_DULL_MACS = frozenset({"000000000000", "ffffffffffff", "001122334455", "aabbccddeeff", "123456789abc", "deadbeefcafe"})


class Networks(Family):
    kinds: ClassVar = (Kind.IP, Kind.MAC)

    def __init__(self, network: Network) -> None:
        self._resolvers = frozenset(ip_address(address) for address in network.resolvers)
        super().__init__()

    def may_hold(self, text: str) -> bool:
        return text.count(".") >= 2 or text.count(":") >= 2 or text.count("-") >= 5

    def find(self, text: str) -> Iterator[Hit]:
        if text.count(".") >= 3:
            for match in _V4.finditer(text):
                if self._is_public(match[0]) and not _is_version(text, match):
                    yield Hit(*match.span(), Kind.IP, SCORE, "ipv4")
        if "::" in text or text.count(":") >= 7:
            for match in _V6.finditer(text):
                if self._is_public(match[0]) and re.search(r"\d", match[0]):
                    yield Hit(*match.span(), Kind.IP, SCORE, "ipv6")
        if text.count(":") >= 5 or text.count("-") >= 5:
            for match in _MAC.finditer(text):
                digits = re.sub(r"\W", "", match[0]).lower()
                if digits not in _DULL_MACS and len(set(digits)) > 3:
                    yield Hit(*match.span(), Kind.MAC, SCORE, "mac")

        if text.count(".") >= 2:
            for match in _DOTTED_MAC.finditer(text):
                around = text[max(0, match.start() - _NEAR_MAC) : match.end() + _NEAR_MAC]
                if re.search(r"\d", match[0]) and _MAC_CUE.search(around):
                    yield Hit(*match.span(), Kind.MAC, SCORE, "mac-dotted")

    def _is_public(self, address: str) -> bool:
        try:
            parsed: IPv4Address | IPv6Address = ip_address(address)
        except ValueError:
            return False
        return parsed.is_global and not parsed.is_multicast and parsed not in self._resolvers


def _is_version(text: str, match: re.Match[str]) -> bool:
    """Four-part versions: a version word before, or small parts such as `1.2.3.4` without a word for addresses."""
    before = text[max(0, match.start() - 24) : match.start()]
    if _ADDRESS_CUE.search(before):
        return False
    if _VERSION_CUE.search(before) or _VERSION_WORD.search(before):
        return True
    if _OTHER_VERSION.search(text, max(0, match.start() - 40), match.start()):
        return True
    parts = [int(part) for part in match[0].split(".")]
    return parts[3] == 0 or max(parts) < 20
