"""Handles and chat ids: mentions, profile links, Discord tags, task owners, Slack and Discord ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.lookup import fold
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.policy import Mentions
from atlas_build.scrub.recognizers.family import Family, Hit, holds_any
from atlas_build.scrub.vocabulary import Vocabulary

SCORE = 0.8
"""Below e-mails and paths, which may hold a handle, and above names: `@anna-lind` is one value, not a name."""
_MENTION = re.compile(
    r"(?<![\w@./+\-:&=#~\\$%*^|'\"＠<\]\ufffc])@([A-Za-z0-9_](?:[\w.\-]{0,37}\w)?)(?![\w/(=@:{]|-\w|\.\w)"
)
_FEDIVERSE = re.compile(r"(?<![^\s(,;])@([A-Za-z0-9_.\-]{1,40})@([a-z0-9\-]{2,40}\.[a-z]{2,12})(?![\w])")
_FILE = re.compile(
    r"\.(?:md|mdx|mdc|py|ts|tsx|js|jsx|json|ya?ml|toml|css|html|vue|go|rs|java|kt|sql|sh|txt|rb|php|cs|cpp|h"
    r"|c|swift|lock|env|log|csv|xml|svg|png|pdf)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_CUE_BEFORE = re.compile(
    r"(?:\b(?:cc|ping|thanks|thx|ask|asked|by|from|to|via|with|assign(?:ed)?|credit|follow|hey|hi|hello|tell"
    r"|merci|danke|gracias|спроси|for|contact|as|and|,|reviewer|owner)[:,]?[ \t]{1,2}|^)$",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?<![\w])(?:https?://)?(?:www\.)?(?:(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)/|gitee\.com/"
    r"|huggingface\.co/|(?:twitter|x)\.com/|(?:[a-z]{2}\.)?linkedin\.com/in/|t\.me/|medium\.com/@"
    r"|instagram\.com/|facebook\.com/|reddit\.com/u(?:ser)?/"
    r"|youtube\.com/@|tiktok\.com/@|threads\.net/@|bsky\.app/profile/|dev\.to/|keybase\.io/|npmjs\.com/~"
    r"|pypi\.org/user/|stackoverflow\.com/users/\d{1,10}/|kaggle\.com/|dribbble\.com/|behance\.net/"
    r"|gist\.github\.com/|patreon\.com/|ko-fi\.com/|mastodon\.social/@|discord\.com/users/|vk\.com/"
    r"|weibo\.com/u/|zhihu\.com/people/)"
    r"(@?[A-Za-z0-9_](?:[\w.\-]{0,37}\w)?)/?(?![\w/\-]|\.\w)"
)
_AT_PROFILE = re.compile(
    r"(?:medium\.com|youtube\.com|tiktok\.com|threads\.net|mastodon\.social|hachyderm\.io|fosstodon\.org|hashnode\.com"
    r"|observablehq\.com|replit\.com|glitch\.com|warpcast\.com)/@([A-Za-z0-9_][\w.\-]{1,37})(?=/)"
)
"""Where the path goes on behind a profile; elsewhere it may be a repository of an organization."""
_REPOSITORY = re.compile(
    r"(?:git@(?:github|gitlab|bitbucket|codeberg)\.(?:com|org):|(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)/)"
    r"([A-Za-z][A-Za-z0-9\-]{3,38})/(?=[\w.\-])"
)
_DENIED = re.compile(r"Permission to [\w.\-/]{1,100} denied to ([\w\-]{2,39})")
_GIT_HOSTS = re.compile(r"(?:github|gitlab|bitbucket|codeberg|gitee|huggingface)\.")
_PERSON_URL_PATH = re.compile(r"(?:avatars\.githubusercontent\.com/u/|github\.com/users/)([\w\-]{2,40})")
_TAG = re.compile(r"(?<![\w#/@.&])([A-Za-z\u00c0-\u024f][\w.]{1,31})#(\d{4})(?!\w)")
_TASK = re.compile(r"\b(?:TODO|FIXME|HACK|XXX|NOTE|BUG|OPTIMIZE)\(@?([A-Za-z][\w.\-]{1,38})\)")
_LABELLED = re.compile(
    r"(?:(?:discord|twitter|github|telegram|instagram|insta|slack|skype|wechat|reddit|gitlab|steam|twitch"
    r"|x) ?(?:handle|name|user(?:name)?|account|id|nick)?|handle|nickname|nick|微信号?|微信|qq)[ \t]{0,2}(?:is|:|："
    r"|=|是)[ \t]{0,2}@?([a-z][\w.\-]{2,38})(?![\w/(])"
)
_LABELLED_HINTS = (
    "handle", "nick", "discord", "twitter", "telegram", "insta", "skype", "wechat", "reddit", "steam", "twitch",
    "github", "gitlab", "slack", "微信", "qq", "x ",
)  # fmt: skip
_SLACK = re.compile(
    r"<@(?P<wrapped>[UW][A-Z0-9]{7,14})(?:\|[^>\n]{0,80})?>"
    r"|(?<![A-Za-z0-9])(?P<bare>[UWD](?=(?:[A-Z]{0,10}\d){2})[A-Z0-9]{8,12})(?![A-Za-z0-9])"
)
_SLACK_CUE = re.compile(r"\bDM\b|\"(?:user|user_id|author|inviter|bot_id|im|channel)\": ?\"[UWD]0")
_SLACK_HINTS = ("DM", '"U0', '"W0', '"D0')
_SNOWFLAKE = re.compile(r"<@[!&]?(\d{15,21})>")
_LONG_NUMBER = re.compile(r"\d{7}")
_CHAT_ID = re.compile(
    r"(?:(?:author|user|member|owner|discord|sender|recipient|admin|chat|telegram|tg"
    r"|dm)s?[_ \-]?(?:user[_ ]?)?ids?|snowflake|allowed_users|admins?|owner|chat)"
    r"[\"'`\])]{0,3}[ \t]{0,2}(?:is|was|=|:|：|\(|->|,)?[ \t]{0,2}[\"'`(\[]{0,2}(-?\d{8,21})(?!\w)"
)


_ID_BEHIND_NAME = re.compile(
    r"(?:user|bot|chat|telegram|from|sender|пользовател|от)[^\n]{0,60}?[ \t]\((?:user |chat |telegram )?"
    r"id[:=]? ?(\d{7,21})\)"
)


class Handles(Family):
    kinds: ClassVar = (Kind.HANDLE, Kind.CHAT_ID)

    def __init__(self, mentions: Mentions, vocabulary: Vocabulary) -> None:
        self._allowed = mentions.folded
        self._organizations = mentions.hosts_folded
        self._vocabulary = vocabulary
        super().__init__()

    def may_hold(self, text: str) -> bool:  # noqa: ARG002 - every rule has a gate of its own
        return True

    def find(self, text: str) -> Iterator[Hit]:
        if "@" in text:
            yield from self._find_mentions(text)
        if "." in text and "/" in text:
            yield from self._find_profiles(text)
        if "#" in text:
            for match in _TAG.finditer(text):
                if not self._is_common(match[1]):
                    yield Hit(*match.span(), Kind.HANDLE, SCORE, "discord-tag")
        if "(" in text or "denied to" in text:
            yield from self._find_owners(text)
        folded = fold(text)
        for match in _LABELLED.finditer(folded) if holds_any(_LABELLED_HINTS, folded) else ():
            name = text[slice(*match.span(1))]
            if not self._is_common(name) and re.search(r"[\d_.\-]", name):
                yield Hit(*match.span(1), Kind.HANDLE, SCORE, "labelled-handle")
        yield from self._find_ids(text, folded)

    def _find_owners(self, text: str) -> Iterator[Hit]:
        for match in _TASK.finditer(text):
            if not self._is_common(match[1]) or match[1].casefold() in self._vocabulary.first_names:
                yield Hit(*match.span(1), Kind.HANDLE, SCORE, "task-owner")
        for match in _DENIED.finditer(text):
            if not self._is_common(match[1]):
                yield Hit(*match.span(1), Kind.HANDLE, SCORE, "denied-to")

    def _find_mentions(self, text: str) -> Iterator[Hit]:
        for match in _FEDIVERSE.finditer(text):
            yield Hit(*match.span(), Kind.HANDLE, SCORE + 0.1, "fediverse")
        for match in _MENTION.finditer(text):
            if self._is_person(text, match):
                yield Hit(*match.span(), Kind.HANDLE, SCORE, "mention")

    def _is_person(self, text: str, match: re.Match[str]) -> bool:
        name = match[1]
        if (
            _FILE.search(name)
            or name.casefold() in self._allowed
            or name.isdigit()
            or (name.isupper() and len(name) < 6)
            or name.endswith(("-bot", "[bot]", "bot"))
        ):
            return False
        if "." in name and self._is_common(name.split(".")[0]):
            return False  # a file whose ending has run into the next word
        if not self._is_common(name):
            return True
        before = text[max(0, match.start() - 16) : match.start()]
        return name.casefold() in self._vocabulary.first_names and _CUE_BEFORE.search(before) is not None

    def _is_common(self, name: str) -> bool:
        """Made of ordinary and technical words only, as annotations, at-rules, groups and packages are."""
        parts = _SPLIT.findall(name)
        return name.casefold() in self._allowed or all(
            len(part) < 3 or self._vocabulary.is_word(part) for part in parts
        )

    def _find_profiles(self, text: str) -> Iterator[Hit]:
        for match in _REPOSITORY.finditer(text):
            if self._is_named_like_a_person(match[1]):
                yield Hit(*match.span(1), Kind.HANDLE, SCORE - 0.05, "repository-owner")
        for pattern in (_PROFILE, _AT_PROFILE, _PERSON_URL_PATH):
            for match in pattern.finditer(text):
                name = match[1].removeprefix("@").casefold()
                is_git = _GIT_HOSTS.search(match[0]) is not None
                if (
                    name in self._organizations
                    or name in self._allowed
                    or _FILE.search(name)
                    or (is_git and self._vocabulary.is_word(name))
                ):
                    continue
                yield Hit(*match.span(1), Kind.HANDLE, SCORE, "profile-link")

    def _is_named_like_a_person(self, owner: str) -> bool:
        """Of two or three words, one a first name and none a word: most owners of repositories are organizations."""
        parts = [part.casefold() for part in owner.split("-")]
        if len(parts) not in {2, 3} or owner.casefold() in self._organizations:
            return False
        return any(part in self._vocabulary.first_names for part in parts) and not any(
            self._vocabulary.is_word(part) for part in parts if len(part) > 1
        )

    def _find_ids(self, text: str, folded: str) -> Iterator[Hit]:
        if "<@" in text:
            for match in _SNOWFLAKE.finditer(text):
                yield Hit(*match.span(1), Kind.CHAT_ID, SCORE, "discord-id")
        if "<@" in text or "slack" in folded or (holds_any(_SLACK_HINTS, text) and _SLACK_CUE.search(text)):
            for match in _SLACK.finditer(text):
                group = "wrapped" if match["wrapped"] else "bare"
                yield Hit(*match.span(group), Kind.CHAT_ID, SCORE, "slack-id")
        if not _LONG_NUMBER.search(text):
            return
        for match in _ID_BEHIND_NAME.finditer(folded) if "id" in folded else ():
            yield Hit(*match.span(1), Kind.CHAT_ID, SCORE, "id-behind-name")
        for match in _CHAT_ID.finditer(folded):
            if len(match[1]) >= 15 or re.search(r"chat|telegram|tg|admin", match[0]):
                yield Hit(*match.span(1), Kind.CHAT_ID, SCORE, "chat-id")
