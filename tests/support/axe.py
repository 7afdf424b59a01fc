"""axe-core in a page under the site's own content security policy, and its findings as sentences.

The source is evaluated through the debugger, which the policy does not bind; a script element would be refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path("node_modules/axe-core/axe.min.js")
# Off by default in axe; WCAG 2.2 AA asks for it.
OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def read_axe(root: Path) -> str:
    path = root / SOURCE
    if not path.is_file():
        raise FileNotFoundError("axe-core is not installed: run npm ci")
    return path.read_text(encoding="utf-8")


def find_violations(page: Page, source: str, *, include: str | None = None) -> list[str]:
    """One line an element in breach: rule, what it asks, the element's selector, what is missing."""
    page.evaluate(source)
    found = page.evaluate(
        "([include, options]) => axe.run(include ?? document, options).then((result) => result.violations)",
        [include, OPTIONS],
    )
    return [_describe(violation, node) for violation in found for node in violation["nodes"]]


def _describe(violation: dict[str, Any], node: dict[str, Any]) -> str:
    missing = " ".join(node.get("failureSummary", "").split())
    return f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}: {missing}"
