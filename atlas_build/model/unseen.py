"""Characters that a reader does not see, or that turn what is read, as parts of a regular expression's set.

Line feed and tab are not among them, nor the joiners that scripts and emoji need.
"""

from __future__ import annotations

SIGNS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
"""Control characters and those that turn the direction of text; also in `assets/js/pieces.js`."""
HIDDEN = r"\u00ad\u034f\u115f\u1160\u180e\u3164\uffa0\U000e0000-\U000e0fff"
"""What fonts show as nothing: soft hyphen, fillers, tags, variants of ideographs. Chats have them, with flags and
pasted words; in a text that instructs a model they can be instructions."""
