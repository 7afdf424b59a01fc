"""axe-core in a page under the site's own content security policy, and its findings as sentences.

The source is evaluated through the debugger, which the policy does not bind; a script element would be refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path("node_modules/axe-core/axe.min.js")
# Off by default in axe; WCAG 2.2 AA asks for it. What is preloaded serves rules about sounds and turned screens only.
OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"], "preload": False}
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules whose answer another colour scheme can change."""


def read_axe(root: Path) -> str:
    path = root / SOURCE
    if not path.is_file():
        raise FileNotFoundError("axe-core is not installed: run npm ci")
    return path.read_text(encoding="utf-8")


def find_violations(page: Page, source: str, *, include: str | None = None, rules: tuple[str, ...] = ()) -> list[str]:
    """One line an element in breach: rule, what it asks, the element's selector, what is missing.

    Args:
        rules: the only ones to hold the page against; without them, all.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(source)
    found = page.evaluate(
        "([include, options]) => axe.run(include ?? document, options).then((result) => result.violations)",
        [include, OPTIONS | ({"runOnly": list(rules), "rules": {}} if rules else {})],
    )
    return [_describe(violation, node) for violation in found for node in violation["nodes"]]


def _describe(violation: dict[str, Any], node: dict[str, Any]) -> str:
    missing = " ".join(node.get("failureSummary", "").split())
    return f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}: {missing}"
