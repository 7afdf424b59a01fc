"""Secrets that their vendor gave a recognisable form: prefixed keys and tokens, webhooks, JSON web tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import LEFT, RIGHT, Family, Hit
from atlas_build.scrub.recognizers.secret_values import is_stand_in

SCORE = 0.97


class Form(NamedTuple):
    """A secret's form. `marks`: the text must hold one of these for the pattern to be tried."""

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
    _form("sentry-dsn", "ingest", r"https://[0-9a-f]{32}(?::[0-9a-f]{32})?@[a-z0-9.\-]{3,80}/\d{1,20}"),
    _prefixed("netlify", "nfp_ nfc_ nfu_ nfo_ nfb_", r"[A-Za-z0-9_\-]{36,50}"),
    _prefixed("hubspot", "pat-na1- pat-eu1- pat-ap1-", r"[0-9A-Fa-f\-]{36}"),
    _prefixed("render", "rnd_", r"[A-Za-z0-9]{28,40}"),
    _prefixed("vercel", "vcp_ vck_ vca_ vercel_blob_rw_", r"[A-Za-z0-9_]{24,80}"),
    _prefixed("onepassword", "ops_eyJ", r"[A-Za-z0-9_\-=+/]{100,2000}"),
    _form("cloud-access-key", "LTAI AKID", rf"{LEFT}(?:LTAI[A-Za-z0-9]{{12,24}}|AKID[A-Za-z0-9]{{13,40}}){RIGHT}"),
    _prefixed("elevenlabs", "sk_", r"[0-9a-f]{40,60}"),
    _prefixed("jfrog", "AKCp", r"[A-Za-z0-9]{60,80}"),
    _prefixed("azure-storage", "AccountKey= SharedAccessKey=", r"[A-Za-z0-9+/]{40,100}={0,2}"),
    _form(
        "webhook",
        "hooks/ webhook/",
        rf"(?<=hooks/)[a-z0-9]{{26}}{RIGHT}|(?<=hooks/)[A-Za-z0-9_\-]{{16,80}}/[A-Za-z0-9_\-]{{16,120}}",
    ),
    _form("fcm", ":APA91b", rf"{LEFT}[A-Za-z0-9_\-]{{8,40}}:APA91b[A-Za-z0-9_\-]{{100,200}}"),
    _form("firecrawl", "fc-", rf"{LEFT}fc-[0-9a-f]{{32}}{RIGHT}"),
    _form(
        "jwt",
        "eyJ",
        rf"{LEFT}eyJ[A-Za-z0-9_\-]{{10,4000}}\.(?:eyJ)?[A-Za-z0-9_\-]{{4,8000}}(?:\.[A-Za-z0-9_\-+/=]{{10,4000}})?",
    ),
)

_MARKS = tuple((mark, form) for form in FORMS for mark in form.marks)


class VendorSecrets(Family):
    kinds: ClassVar = (Kind.SECRET,)

    def may_hold(self, text: str) -> bool:
        return len(text) >= 16

    def find(self, text: str) -> Iterator[Hit]:
        for form in dict.fromkeys([form for mark, form in _MARKS if mark in text]):
            yield from self._find_form(text, form)

    def _find_form(self, text: str, form: Form) -> Iterator[Hit]:
        for match in form.pattern.finditer(text):
            value = match[0]
            if not is_stand_in(value):
                start = match.start()
                if form.rule == "azure-storage":
                    start += value.index("=") + 1
                yield Hit(start, match.end(), Kind.SECRET, SCORE, form.rule)
