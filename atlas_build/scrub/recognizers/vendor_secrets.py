"""Secrets that their vendor gave a recognisable form: prefixed keys and tokens, webhooks, JSON web tokens.

The forms are facts from the vendors' public documentation; where that says nothing of length, the ranges follow the
rules of gitleaks (MIT license, copyright Zachary Rice). Lengths are ranges, since vendors change them without notice.

The score is near 1: a prefix of three or more characters before twenty random ones has no other meaning. It stays
below that of a whole key block, which may hold such a run by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import LEFT, RIGHT, Family, Hit
from atlas_build.scrub.recognizers.secret_values import is_stand_in

SCORE = 0.97


class Form(NamedTuple):
    """A secret's form. `marks`: the text must hold one of these for the pattern to be tried.

    Of a pattern with a group `value` only that goes: of a webhook the host stays.
    """

    rule: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


def _form(rule: str, marks: str, pattern: str) -> Form:
    return Form(rule, tuple(marks.split()), re.compile(pattern))


def _prefixed(rule: str, prefixes: str, rest: str) -> Form:
    marks = tuple(prefixes.split())
    starts = "|".join(re.escape(mark) for mark in marks)
    return Form(rule, marks, re.compile(rf"{LEFT}(?:{starts}){rest}"))


_WORDY = r"[A-Za-z0-9_\-]"

FORMS = (
    _form(
        "aws-access-key", "AKIA ASIA ABIA ACCA A3T", rf"{LEFT}(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{{16}}{RIGHT}"
    ),
    _prefixed("github", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"[A-Za-z0-9_]{30,255}"),
    _form(
        "gitlab",
        "gl",
        rf"{LEFT}(?:gl(?:pat|ptt|rt|cbt|dt|oas|ft|soat|agent|imt|ffct)-|GR1348941){_WORDY}[A-Za-z0-9_.=\-]{{15,200}}",
    ),
    _prefixed(
        "slack", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxc- xoxd- xapp- xoxe.", r"[A-Za-z0-9.%_\-]{10,300}"
    ),
    _form(
        "slack-webhook",
        "hooks.slack.com",
        r"https?://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_\-]{15,200}",
    ),
    _form(
        "discord-webhook",
        "/api/webhooks/",
        r"https?://(?:[a-z]{1,10}\.)?discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{15,21}/[A-Za-z0-9_\-]{40,100}",
    ),
    _form(
        "teams-webhook",
        "webhook.office.com",
        r"https://[a-z0-9\-]{1,60}\.webhook\.office\.com/webhookb?2?/[A-Za-z0-9@/\-]{40,300}",
    ),
    _form(
        "discord-bot", ".", rf"{LEFT}[MNO][A-Za-z0-9_\-]{{23,27}}\.[A-Za-z0-9_\-]{{6}}\.[A-Za-z0-9_\-]{{27,45}}{RIGHT}"
    ),
    _form("telegram-bot", ":", r"(?<![0-9])[0-9]{8,10}:[A-Za-z0-9_\-]{33,36}(?![A-Za-z0-9_\-])"),
    _prefixed(
        "openai-like", "sk- pk-lf-", r"(?:(?:proj|svcacct|admin|ant|or|lf|None|live|test)-)?[A-Za-z0-9_\-]{20,300}"
    ),
    _form(
        "stripe",
        "k_live_ k_test_ whsec_",
        rf"{LEFT}(?:[srp]k_(?:live|test)_[A-Za-z0-9]{{10,250}}|whsec_[A-Za-z0-9+/=]{{20,100}})",
    ),
    _prefixed("google-api-key", "AIza", r"[A-Za-z0-9_\-]{30,45}"),
    _prefixed("google-oauth", "ya29. GOCSPX- 1//0", r"[A-Za-z0-9_\-.]{18,300}"),
    _prefixed("hugging-face", "hf_ api_org_", r"[A-Za-z]{25,60}"),
    _prefixed("replicate", "r8_", r"[A-Za-z0-9]{30,50}"),
    _prefixed("npm", "npm_", r"[A-Za-z0-9]{30,50}"),
    _prefixed("pypi", "pypi-AgE", r"[A-Za-z0-9_\-]{30,300}"),
    _prefixed("rubygems", "rubygems_", r"[0-9a-f]{40,60}"),
    _prefixed("digitalocean", "dop_v1_ doo_v1_ dor_v1_", r"[0-9a-f]{50,80}"),
    _prefixed("shopify", "shpat_ shpss_ shpca_ shppa_ shpua_", r"[0-9a-fA-F]{28,40}"),
    _form("sendgrid", "SG.", rf"{LEFT}SG\.[A-Za-z0-9_\-]{{16,32}}\.[A-Za-z0-9_\-]{{30,64}}"),
    _form("mailgun", "key-", rf"{LEFT}(?:priv)?key-[0-9a-f]{{32}}{RIGHT}"),
    _form("twilio", "SK AC", rf"{LEFT}(?:SK|AC)[0-9a-f]{{32}}{RIGHT}"),
    _form("square", "sq0 EAAA", rf"{LEFT}(?:sq0[a-z]{{3}}-[A-Za-z0-9_\-]{{20,50}}|EAAA[A-Za-z0-9_\-+=]{{55,70}})"),
    _prefixed("facebook", "EAACEdEose0cBA EAAG EAAC EAAB", r"[A-Za-z0-9]{40,300}"),
    _prefixed("brevo", "xkeysib- xsmtpsib-", r"[0-9a-f]{60,70}-[A-Za-z0-9]{14,20}"),
    _prefixed("linear", "lin_api_ lin_oauth_", r"[A-Za-z0-9]{30,64}"),
    _prefixed("notion", "ntn_ secret_", r"[A-Za-z0-9]{40,60}"),
    _prefixed("figma", "figd_ figo_", r"[A-Za-z0-9_\-]{30,60}"),
    _prefixed("databricks", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _prefixed("grafana", "glsa_ glc_", r"[A-Za-z0-9_+/=]{30,400}"),
    _prefixed("vault", "hvs. hvb. hvr.", r"[A-Za-z0-9_\-]{24,200}"),
    _form("terraform", ".atlasv1.", rf"{LEFT}[A-Za-z0-9]{{14}}\.atlasv1\.[A-Za-z0-9_\-=]{{50,80}}"),
    _prefixed("postman", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    _prefixed("new-relic", "NRAK- NRII- NRJS- NRSP-", r"[A-Za-z0-9_\-]{19,40}"),
    _prefixed("planetscale", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[A-Za-z0-9_.\-=]{28,64}"),
    _prefixed("supabase", "sbp_ sb_secret_", r"[A-Za-z0-9_\-]{20,64}"),
    _prefixed("fly", "fm1_ fm1r_ fm2_ fo1_", r"[A-Za-z0-9_+/=\-]{40,1500}"),
    _prefixed("groq", "gsk_", r"[A-Za-z0-9]{40,60}"),
    _prefixed("x-ai", "xai-", r"[A-Za-z0-9]{60,90}"),
    _prefixed("perplexity", "pplx-", r"[A-Za-z0-9]{40,64}"),
    _prefixed("tavily", "tvly-", r"[A-Za-z0-9\-]{20,64}"),
    _prefixed("age", "AGE-SECRET-KEY-1", r"[0-9A-Z]{50,62}"),
    _prefixed("docker-hub", "dckr_pat_ dckr_oat_", r"[A-Za-z0-9_\-]{20,40}"),
    _prefixed("atlassian", "ATATT3x ATCTT3x ATBB", r"[A-Za-z0-9_\-=]{24,300}"),
    _prefixed("contentful", "CFPAT-", r"[A-Za-z0-9_\-]{40,50}"),
    _form("doppler", "dp.", rf"{LEFT}dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_\-]{{2,40}}\.)?[A-Za-z0-9]{{40,44}}"),
    _prefixed("posthog", "phx_ phc_", r"[A-Za-z0-9]{40,50}"),
    _form("resend", "re_", rf"{LEFT}re_[A-Za-z0-9]{{6,12}}_[A-Za-z0-9]{{20,40}}{RIGHT}"),
    _prefixed("sentry", "sntrys_ sntryu_", r"[A-Za-z0-9_+/=\-]{40,400}"),
    _form("sentry-dsn", "ingest", r"https://(?P<value>[0-9a-f]{32}(?::[0-9a-f]{32})?)(?=@[a-z0-9.\-]{3,80}/\d{1,20})"),
    _prefixed("netlify", "nfp_ nfc_ nfu_ nfo_ nfb_", r"[A-Za-z0-9_\-]{36,50}"),
    _prefixed("hubspot", "pat-na1- pat-eu1- pat-ap1-", r"[0-9A-Fa-f\-]{36}"),
    _prefixed("render", "rnd_", r"[A-Za-z0-9]{28,40}"),
    _prefixed("vercel", "vcp_ vck_ vca_ vercel_blob_rw_", r"[A-Za-z0-9_]{24,80}"),
    _prefixed("onepassword", "ops_eyJ", r"[A-Za-z0-9_\-=+/]{100,2000}"),
    _form("cloud-access-key", "LTAI AKID", rf"{LEFT}(?:LTAI[A-Za-z0-9]{{12,24}}|AKID[A-Za-z0-9]{{13,40}}){RIGHT}"),
    _prefixed("elevenlabs", "sk_", r"[0-9a-f]{40,60}"),
    _prefixed("jfrog", "AKCp", r"[A-Za-z0-9]{60,80}"),
    _form(
        "azure-storage",
        "AccountKey= SharedAccessKey=",
        r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,100}={0,2})",
    ),
    _form(
        "webhook",
        "hooks/ webhook/",
        rf"(?<=hooks/)[a-z0-9]{{26}}{RIGHT}|(?<=hooks/)[A-Za-z0-9_\-]{{16,80}}/[A-Za-z0-9_\-]{{16,120}}",
    ),
    _form("fcm", ":APA91b", rf"{LEFT}[A-Za-z0-9_\-]{{8,40}}:APA91b[A-Za-z0-9_\-]{{100,200}}"),
    _form("firecrawl", "fc-", rf"{LEFT}fc-[0-9a-f]{{32}}{RIGHT}"),
    _form("airtable", "pat", rf"{LEFT}pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{64}}{RIGHT}"),
    _form("mailchimp", "-us", rf"{LEFT}[0-9a-f]{{32}}-us\d{{1,2}}{RIGHT}"),
    _form("mapbox", "sk.eyJ", rf"{LEFT}sk\.eyJ[A-Za-z0-9_\-]{{20,300}}\.[A-Za-z0-9_\-]{{20,60}}"),
    _form("dynatrace", "dt0", rf"{LEFT}dt0[a-z]\d\d\.[A-Z0-9]{{24}}\.[A-Z0-9]{{64}}{RIGHT}"),
    _form("asana", "1/ 2/", rf"{LEFT}[12]/(?:\d{{10,20}}/)?\d{{10,20}}:[0-9a-f]{{32}}{RIGHT}"),
    _prefixed("shippo", "shippo_live_ shippo_test_", r"[0-9a-f]{40}"),
    _form("lark-webhook", "/bot/v2/hook/", r"(?<=/bot/v2/hook/)[0-9a-f\-]{36}"),
    _prefixed("pulumi", "pul-", rf"[0-9a-f]{{40}}{RIGHT}"),
    _prefixed("buildkite", "bkua_ bkaj_ bkct_ bkpt_", r"[0-9a-f]{40,64}"),
    _prefixed("clojars", "CLOJARS_", r"[0-9a-f]{60}"),
    _prefixed("langsmith", "lsv2_pt_ lsv2_sk_ ls__", r"[0-9a-f]{32}(?:_[0-9a-f]{10})?"),
    _prefixed("nuget", "oy2", rf"[a-z0-9]{{43}}{RIGHT}"),
    _prefixed("crates", "cio", rf"(?=[A-Za-z]{{0,30}}\d)[A-Za-z0-9]{{32}}{RIGHT}"),
    _prefixed("neon", "napi_", r"[a-z0-9]{48,80}"),
    _prefixed("adafruit", "aio_", rf"[A-Za-z0-9]{{28}}{RIGHT}"),
    _prefixed("duffel", "duffel_live_ duffel_test_", r"[A-Za-z0-9_\-=]{40,50}"),
    _prefixed("easypost", "EZAK EZTK", rf"[A-Za-z0-9]{{54}}{RIGHT}"),
    _prefixed("flutterwave", "FLWSECK- FLWSECK_TEST- FLWPUBK-", r"[A-Za-z0-9]{12,40}(?:-X)?"),
    _prefixed("frame-io", "fio-u-", r"[A-Za-z0-9\-_=]{64}"),
    _prefixed("prefect", "pnu_ pnb_", rf"[a-z0-9]{{36}}{RIGHT}"),
    _prefixed("readme", "rdme_", r"[a-z0-9]{60,80}"),
    _prefixed("scalingo", "tk-us-", r"[A-Za-z0-9_\-]{40,60}"),
    _prefixed("typeform", "tfp_", r"[A-Za-z0-9_\-.=]{50,70}"),
    _prefixed("yandex", "AQVN y0_AgA t1.9eu", r"[A-Za-z0-9_\-.=]{35,300}"),
    _prefixed("heroku", "HRKU-", r"[A-Za-z0-9_\-]{36,80}"),
    _prefixed("infracost", "ico-", rf"[A-Za-z0-9]{{32}}{RIGHT}"),
    _prefixed("snyk", "snyk_uat. snyk_sat.", r"[A-Za-z0-9_\-.]{20,120}"),
    _prefixed("sonar", "squ_ sqp_ sqa_", rf"[0-9a-f]{{40}}{RIGHT}"),
    _prefixed("cloudflare-origin", "v1.0-", r"[0-9a-f]{24}-[0-9a-f]{146}"),
    _prefixed("openshift", "sha256~", r"[A-Za-z0-9_\-]{43}"),
    _prefixed("harness", "pat. sat.", r"[A-Za-z0-9_\-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}"),
    _prefixed("maxmind", "mmk_", r"[A-Za-z0-9_]{20,60}"),
    _prefixed("nvidia", "nvapi-", r"[A-Za-z0-9_\-]{40,90}"),
    _prefixed("cerebras", "csk-", r"[a-z0-9]{40,60}"),
    _prefixed("fireworks", "fw_", rf"(?=[A-Za-z]{{0,20}}\d)[A-Za-z0-9]{{22,30}}{RIGHT}"),
    _prefixed("voyage", "pa-", rf"(?=[A-Za-z_]{{0,30}}\d)[A-Za-z0-9_\-]{{43}}{RIGHT}"),
    _prefixed("cohere-trial", "co_", rf"(?=[A-Za-z]{{0,30}}\d)[A-Za-z0-9]{{38,44}}{RIGHT}"),
    _prefixed("expo", "expo_", rf"(?=[A-Za-z_]{{0,30}}\d)[A-Za-z0-9_\-]{{36,44}}{RIGHT}"),
    _prefixed("plaid", "access-sandbox- access-development- access-production-", r"[0-9a-f\-]{36}"),
    _prefixed("razorpay", "rzp_live_ rzp_test_", rf"[A-Za-z0-9]{{14}}{RIGHT}"),
    _form("paypal-braintree", "access_token$", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    _prefixed(
        "launchdarkly",
        "sdk- api- mob-",
        rf"[0-9a-f]{{8}}-[0-9a-f]{{4}}-4[0-9a-f]{{3}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}{RIGHT}",
    ),
    _form("aws-bedrock", "ABSK", rf"{LEFT}ABSK[A-Za-z0-9+/]{{100,300}}={{0,2}}"),
    _form("azure-client-secret", "Q~", rf"{LEFT}[A-Za-z0-9_~.\-]{{3}}\dQ~[A-Za-z0-9_~.\-]{{31,34}}"),
    _form("zapier-webhook", "hooks.zapier.com", r"hooks\.zapier\.com/hooks/catch/(?P<value>\d{4,12}/[a-z0-9]{5,12})"),
    _form(
        "ifttt-webhook",
        "maker.ifttt.com",
        r"maker\.ifttt\.com/trigger/[\w\-]{1,60}/(?:json/)?with/key/(?P<value>[\w\-]{15,60})",
    ),
    _form(
        "google-chat-webhook",
        "chat.googleapis.com",
        r"chat\.googleapis\.com/v1/spaces/[\w\-]{5,20}/messages\?(?P<value>key=[\w\-]{20,60}&token=[\w\-%]{20,80})",
    ),
    _form(
        "wecom-webhook", "qyapi.weixin", r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<value>[0-9a-f\-]{36})"
    ),
    _form(
        "ansible-vault",
        "$ANSIBLE_VAULT;",
        r"\$ANSIBLE_VAULT;[\d.]{3,4};AES256(?:;[\w\-]{1,40})?[ \t]{0,4}\r?\n"
        r"(?P<value>(?:[ \t]{0,16}[0-9a-f]{8,80}(?:\r?\n|$)){1,2000})",
    ),
    _form(
        "jwt",
        "eyJ",
        rf"{LEFT}eyJ[A-Za-z0-9_\-]{{10,4000}}\.(?:eyJ)?[A-Za-z0-9_\-]{{4,8000}}(?:\.[A-Za-z0-9_\-+/=]{{10,4000}})?",
    ),
)

_SHORTEST = 15
"""Letters of the shortest form, a webhook's path with its host."""
_MARKS = tuple((mark, form) for form in FORMS for mark in form.marks)


_BREAK = re.compile(r"\\?\r?\n[ \t]{0,12}|\\n|[\"'][ \t]?(?:\+|\\?\r?\n)[ \t\r\n]{0,12}[\"']")
_BROKEN = re.compile(
    rf"(?<![A-Za-z0-9_.\-])[A-Za-z0-9_.\-]{{4,400}}+(?:(?:{_BREAK.pattern})[A-Za-z0-9_.\-]{{4,400}}+){{1,60}}"
)
_MIXED = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_.\-]{6,}")


def _find_broken(text: str, forms: Sequence[Form]) -> Iterator[Hit]:
    """Keys that a terminal's width, a mail or a `+` between strings broke: looked for with the break taken out.

    A part behind a break belongs to the key only if letters and digits are mixed in it, so that the next line's first
    word is not taken along.
    """
    for run in _BROKEN.finditer(text):
        pieces = _key_pieces(text, run.start(), run.end())
        if len(pieces) < 2:
            continue
        joined = "".join(text[start:end] for start, end in pieces)
        first = pieces[0][1] - pieces[0][0]
        for form in forms:
            for match in form.pattern.finditer(joined):
                if match.start() < first < match.end() and not is_stand_in(match[0]):
                    group = "value" if "value" in form.pattern.groupindex else 0
                    start, end = (_place(pieces, place) for place in (match.start(group), match.end(group) - 1))
                    yield Hit(start, end + 1, Kind.SECRET, SCORE, f"{form.rule}-broken")


def _key_pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a broken run, as far as they look like the parts of one key."""
    pieces: list[tuple[int, int]] = []
    for separator in [*_BREAK.finditer(text, start, end), None]:
        stop = separator.start() if separator else end
        if pieces and not _MIXED.fullmatch(text, start, stop):
            break
        pieces.append((start, stop))
        start = separator.end() if separator else end
    return pieces


def _place(pieces: Sequence[tuple[int, int]], place: int) -> int:
    """An offset in the joined parts as an offset in the text."""
    for start, end in pieces:
        if place < end - start:
            return start + place
        place -= end - start
    raise AssertionError("an offset beyond the last part")


class VendorSecrets(Family):
    kinds: ClassVar = (Kind.SECRET,)

    def may_hold(self, text: str) -> bool:
        return len(text) >= _SHORTEST

    def find(self, text: str) -> Iterator[Hit]:
        may_be_broken = "\n" in text or "+" in text or "\\n" in text
        # No secret holds a blank, so marks are looked for in long words alone: most sentences have none.
        looked_at = text if may_be_broken else " ".join([word for word in text.split() if len(word) >= _SHORTEST])
        if not looked_at:
            return
        forms = list(dict.fromkeys([form for mark, form in _MARKS if mark in looked_at]))
        for form in forms:
            yield from self._find_form(text, form)
        if forms and may_be_broken:
            yield from _find_broken(text, forms)

    def _find_form(self, text: str, form: Form) -> Iterator[Hit]:
        for match in form.pattern.finditer(text):
            group = "value" if "value" in form.pattern.groupindex else 0
            if not is_stand_in(match[group]):
                yield Hit(*match.span(group), Kind.SECRET, SCORE, form.rule)
