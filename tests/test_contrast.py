"""Contrast of every colour role against what it stands on, in light and dark, computed from the style sheet.

Formulas: WCAG 2.2, relative luminance and contrast ratio. Text needs 4.5:1; controls, bars and marks need 3:1 against
what they are told apart from.
"""

from __future__ import annotations

import itertools
import re

import pytest
from building import ROOT

TOKENS = (ROOT / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
SCHEMES = ("light", "dark")
PAPERS = ("paper", "paper-raised", "paper-sunk")
FORMS = tuple(f"s{number}" for number in range(1, 9))
TEXT_ON_PAPER = ("ink", "ink-soft", "accent", "pushback", *FORMS)
HEAT = {1: 9, 2: 18, 3: 28, 4: 38, 5: 88}
"""Class heat-<n> -> percent of the accent in it, the rest being paper; heat-6 is the accent itself."""

Colour = tuple[float, float, float]


def read_palette(scheme: str) -> dict[str, Colour]:
    light, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6});", dark))
    return {name: parse(value) for name, value in found.items()}


def parse(value: str) -> Colour:
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: Colour) -> float:
    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix_in_oklab(one: Colour, share: float, other: Colour) -> Colour:
    """`color-mix(in oklab, one share, other)`. Matrices: https://bottosson.github.io/posts/oklab/"""
    pairs = zip(to_oklab(one), to_oklab(other), strict=True)
    return from_oklab(tuple(share * first + (1 - share) * second for first, second in pairs))


def to_oklab(colour: Colour) -> tuple[float, ...]:
    red, green, blue = map(linear, colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_oklab(lab: tuple[float, ...]) -> Colour:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (encode(min(1.0, max(0.0, part))) for part in parts)
    return red, green, blue


def encode(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(parse("#777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.01)
    assert mix_in_oklab(parse("#1d5a85"), 1, (1, 1, 1)) == pytest.approx(parse("#1d5a85"), abs=0.002)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", TEXT_ON_PAPER)
@pytest.mark.parametrize("paper", PAPERS)
def test_text_can_be_read_on_every_paper(role: str, paper: str, scheme: str) -> None:
    palette = read_palette(scheme)
    assert contrast(palette[role], palette[paper]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "ground"), [("paper", "ink"), ("paper", "accent"), ("ink", "hit"), ("ink", "accent-soft")]
)
def test_text_can_be_read_on_coloured_grounds(text: str, ground: str, scheme: str) -> None:
    palette = read_palette(scheme)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_numbers_of_the_map_can_be_read_at_every_heat(scheme: str) -> None:
    palette = read_palette(scheme)
    css = (ROOT / "assets" / "css" / "components" / "map.css").read_text(encoding="utf-8")
    written = re.findall(
        r"\.heat-(\d) \{ background: color-mix\(in oklab, var\(--accent\) (\d+)%, var\(--paper\)\)", css
    )
    assert {int(step): int(percent) for step, percent in written} == HEAT
    for step, percent in HEAT.items():
        ground = mix_in_oklab(palette["accent"], percent / 100, palette["paper"])
        text = palette["paper"] if step >= 5 else palette["ink"]
        assert contrast(text, ground) >= 4.5, f"heat-{step}"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", ["edge", "accent", "bar-now", "pushback", *FORMS])
def test_controls_and_marks_stand_out_from_the_page(role: str, scheme: str) -> None:
    palette = read_palette(scheme)
    assert contrast(palette[role], palette["paper"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_bar_of_a_selection_stands_out_from_the_bar_of_all(scheme: str) -> None:
    palette = read_palette(scheme)
    assert contrast(palette["bar-now"], palette["bar-all"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_severity_gets_stronger_step_by_step(scheme: str) -> None:
    """DS0 to DS3 are one ladder of lightness, away from the paper."""
    palette = read_palette(scheme)
    steps = [contrast(palette[f"ds{number}"], palette["paper"]) for number in range(4)]
    assert steps == sorted(steps)
    assert all(later / earlier >= 1.25 for earlier, later in itertools.pairwise(steps))
    assert steps[3] >= 4.5


def test_dark_mode_defines_every_colour_anew() -> None:
    light = set(re.findall(r"--([\w-]+):\s*#", TOKENS.partition("@media")[0]))
    dark = set(re.findall(r"--([\w-]+):\s*#", TOKENS.partition("@media")[2]))
    assert light == dark


def test_components_use_roles_and_no_colours_of_their_own() -> None:
    """But for the shade behind a dialog, which no text stands on, and for print."""
    sheets = [path for path in sorted((ROOT / "assets" / "css").rglob("*.css")) if path.name != "tokens.css"]
    assert len(sheets) > 8
    literal = re.compile(r"(?<![\w&-])#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\b(?:rgba?|hsla?|oklch|oklab)\(")
    texts = {path.name: path.read_text(encoding="utf-8").partition("@media print")[0] for path in sheets}
    texts = {name: re.sub(r"::backdrop \{[^}]*\}", "", text) for name, text in texts.items()}
    assert [(name, match[0]) for name, text in texts.items() for match in literal.finditer(text)] == []
