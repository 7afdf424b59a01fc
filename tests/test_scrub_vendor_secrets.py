"""Each form of a vendor's secret: a made-up one is found whole, and a third of it is not taken for one.

Keys are written in pieces, so that scanners of the repository do not take them for real ones.
"""

from __future__ import annotations

import pytest

from atlas_build.scrub.recognizers.vendor_secrets import FORMS, VendorSecrets

SAMPLES: list[tuple[str, str, list[str], str]] = [
    ("aws-access-key", "", ["AKIA", "UJZDE8GXD6NCF10E"], ""),
    ("github", "", ["ghp_", "PFjbD0kH8Oool8DklZDOCj2ISaJiHk"], ""),
    ("gitlab", "", ["glpa", "t-Tj0rLGlkoMXGjtEk"], ""),
    ("slack", "", ["xoxa", "-DnNfribxUd"], ""),
    ("slack-webhook", "", ["http://hooks.sla", "ck.com/services/l7dXTPyLsxPFkTh"], ""),
    (
        "discord-webhook",
        "",
        ["http://disco", "rd.com/api/webhooks/757491186252760/9qEwjky40UVsWmflzdE1F8ResqEDusTpkr0cStY4"],
        "",
    ),
    ("teams-webhook", "", ["https://w.webhook.offi", "ce.com/webhook/B8dWKnHfDNxSIvPZZ63fFKcZjR4I0b3jRtaWr4Y9"], ""),
    ("discord-bot", "", ["MJFL", "JOqOAf1lLQSAJaiXnkU8.Is2g8n.prvDd53x83rzjZZZZGeoZDMENcK"], ""),
    ("telegram-bot", "", ["1590", "1092:iG8XnBE3NnYJoQ9WmXeHH2fdeeTFJGvVv"], ""),
    ("openai-like", "", ["sk-Q", "e1sKhBN88hXJsi6BwhT"], ""),
    ("stripe", "", ["pk_l", "ive_3Fs2QhX6KW"], ""),
    ("google-api-key", "", ["AIza", "xOiixgVoOnzyw2MzP0ZvzOMhfWuBBy"], ""),
    ("google-oauth", "", ["ya29", ".ReQMsm9Wcz7uW9XFOG"], ""),
    ("hugging-face", "", ["hf_O", "eMVNennAepWzpFqHYytwMeLb"], ""),
    ("replicate", "", ["r8_y", "oVFz8uZdZv8FuKKIBJl5dzpJn0meq"], ""),
    ("npm", "", ["npm_", "7WJjjIBAzupGhv7Ib3M03NBQNSgPwl"], ""),
    ("pypi", "", ["pypi", "-AgEUQia1ID6vW5dql05ha064gIiJhgB3c"], ""),
    ("rubygems", "", ["ruby", "gems_50454f31af3176813e02ea68ef786e4d3cea27d2"], ""),
    ("digitalocean", "", ["dop_", "v1_6934b484e73cf575dcad6ba2b0aee0ca923732881584d8c4fa"], ""),
    ("shopify", "", ["shpa", "t_2815d280E282D7283e0aBd8D41A7"], ""),
    ("sendgrid", "", ["SG.8", "HKQDLM7ToThwNSc.grLRWzBQCABugjMgeP7cGq0pbqfi14"], ""),
    ("mailgun", "", ["key-", "c967a64cb14028d512c9791e558e08ba"], ""),
    ("twilio", "", ["SKa7", "196b50ac2f86702824c1c099724caf"], ""),
    ("square", "", ["sq0e", "jx-npJC01t5gobuszgI6hwg"], ""),
    ("facebook", "", ["EAAC", "EdEose0cBAk10zB0rlz5tr9spOFBCIoX9GY1cjDoBoirPfQAdz"], ""),
    ("brevo", "", ["xkey", "sib-222f828767efc2f91624a8940f1f836f99eee3692f09e2e8c662248b483b-Of54fZBKA8f", "rcZ"], ""),
    ("linear", "", ["lin_", "api_TuJaWYUH1VAUwV1ZH87MtA5vSQXEZY"], ""),
    ("notion", "", ["ntn_", "3lEX7bwR2DRGD1qSo7JPRbgUMxXy9b4BzwoZ648j"], ""),
    ("figma", "", ["figd", "_jNuFD7uacnwIp3SfD67jIKeaVSTQvv"], ""),
    ("databricks", "", ["dapi", "8c79fc35526f7eaed46725a2a7b860dc"], ""),
    ("grafana", "", ["glsa", "_avhNYRVwDfRk9XIrghoy32NFR5PYZp"], ""),
    ("vault", "", ["hvs.", "cb9T2039BICbtw5ze9lfAEZ7"], ""),
    ("terraform", "", ["770h", "2dcPyGOJJh.atlasv1.rG80usp2w5dFjxCAyIOk6CptT9IoQhobswHGETh8lMYQOymAAi"], ""),
    ("postman", "", ["PMAK", "-9e8a7f770d9106fd287db7f1-adbc60926f6967e7893f57fd14c1604d11"], ""),
    ("new-relic", "", ["NRAK", "-LZc5t4UuHF7KVMLp7hv"], ""),
    ("planetscale", "", ["psca", "le_tkn_dCTquY1XVcKGAFRFWa94Hj9wNYWx"], ""),
    ("supabase", "", ["sbp_", "0T0zbFDteMXi6cMUXv5e"], ""),
    ("fly", "", ["fm1_", "BoaPzoxZCYCdEz6DQMvE5mVXRV99nCQvtsU7RTAu"], ""),
    ("groq", "", ["gsk_", "wm6zo88EB0OGet9d9xYyQ6b0fI7fLAz7vT0sxJmP"], ""),
    ("x-ai", "", ["xai-", "U3UdXyymFgMZwKPaEpCejiUKb4GEQnFNGaftcLOIadn5rPvi2xqwHx1SSRkR"], ""),
    ("perplexity", "", ["pplx", "-XQvQMcPLPPJS46lMUEZQPghOpzGpdCGAe40O1c6X"], ""),
    ("tavily", "", ["tvly", "-C4SOHDMm0lM7EXg3LcmQ"], ""),
    ("age", "", ["AGE-", "SECRET-KEY-106MD2NL92DG2D0KQNBJ4D2VZU4Q6PZ9Y5APHQIJQ3JMQQ1NCPP"], ""),
    ("docker-hub", "", ["dckr", "_pat_N8Ab5KbH0FZk4XdxKIAD"], ""),
    ("atlassian", "", ["ATAT", "T3xjJpz6ZFkn7XvgKJWSKhK7EGY"], ""),
    ("contentful", "", ["CFPA", "T-fwzy9zMTI18C6eUDm7oYF5tns05Koy2OnZn2M1eL"], ""),
    ("doppler", "", ["dp.p", "t.kNCZ8hKYWHJPu05MC4j1wrCq1UHYmdj2oxTpaTlP"], ""),
    ("posthog", "", ["phx_", "bYqXcgcLBAnfdPcwnx0d1LzeZGEIWbXFzcggqCCo"], ""),
    ("resend", "", ["re_I", "F7uUx_ugFDwg5Yp8yIB2Enus0H"], ""),
    ("sentry", "", ["sntr", "ys_MI4fS9z6yKryu7OE1WnwQKU5nR50dJQg96eNlQng"], ""),
    ("sentry-dsn", "https://", ["7ab1", "65c58ac5831be38cb8cb4ba2e751"], "@o1.ingest.sentry.io/1"),
    ("netlify", "", ["nfp_", "S0hQTo93l7q5UuAvCOJSnobagX5DIfOnpCBD"], ""),
    ("hubspot", "", ["pat-", "na1-0cB93aBb7Dc9c46BdF54074E32e4f8C801eb"], ""),
    ("render", "", ["rnd_", "5Wmplcm7hufPK5ACDiBZLPKD6xGA"], ""),
    ("vercel", "", ["vcp_", "njq8MJaMhmpgppa0nLgTEToD"], ""),
    (
        "onepassword",
        "",
        [
            "ops_",
            "eyJ4uyetiAY2bv6dFvpcLOGQOpCHV5v7s82QtDRojrbry6hQSp795NF4gAKQ5P1vM8Kv6UM4YVmP",
            "Y62o6sq1iee1hsA2Bb9uOk4TyNZ",
        ],
        "",
    ),
    ("cloud-access-key", "", ["LTAI", "nlEk6KJCBHGn"], ""),
    ("elevenlabs", "", ["sk_5", "b400141212b62c376631129f34369aad80b891b"], ""),
    ("jfrog", "", ["AKCp", "6Ux9mge2SnvByaBbhxGWetDikNt30Fk0SKbAhMSwwDAWfGfsy0L9flW91gQk"], ""),
    ("azure-storage", "AccountKey=", ["8KS0", "N8sOfKH8oxFfysjyGoUWGZ7Z54vFb4pBXNTQ"], ""),
    ("webhook", "hooks/", ["186k", "yo3i8cwu7j29uk32qoiv3p"], ""),
    (
        "fcm",
        "",
        [
            "gMRT",
            "wt01:APA91bnJuJPuUmhWKPU9MQ9uGK9qGMYJJyTuTbRMGo6GRN4YdCAZ2ybsOgoSdBJQmvZAvP6",
            "2bsklvpa2Oqup44xpsl2OrLpHdbUQosG5aP",
        ],
        "",
    ),
    ("firecrawl", "", ["fc-c", "58dfe0d5a0cf318656b3e6f0bade65c"], ""),
    (
        "airtable",
        "",
        ["patg", "w7HunWoDQRYZD.02ddb8379c7ce65426f74bde94fb78c8d5f08b79affd2b49c12a4b00629834", "75"],
        "",
    ),
    ("mailchimp", "", ["eb46", "c5296f62e338d74ff1fe4f7f505a-us7"], ""),
    ("mapbox", "", ["sk.e", "yJskfqS1dXba9rELoXopBB.nCrv7VzGgefw5JCNtaoI"], ""),
    (
        "dynatrace",
        "",
        ["dt0k", "15.V479NS1V1Q9DSSW5ZV6R6WN5.HVMUTIFCZ9Z8DZTGACM4D68YJFNC3LGLC0GAXIT9QTL0CUB1", "D57CH0Z2EAYJ409G"],
        "",
    ),
    ("asana", "", ["1/73", "20600113:34f087e51b429fe8110102c995f1abef"], ""),
    ("shippo", "", ["ship", "po_live_543b5dfce8a981a049d7ccc7e90a88d519448fb2"], ""),
    ("lark-webhook", "/bot/v2/hook/", ["fc67", "91ce680ce2b27c8af6666259bbc471fb"], ""),
    ("pulumi", "", ["pul-", "3be24a0b80316f688d3e481a65c2011bef2c328a"], ""),
    ("buildkite", "", ["bkua", "_72c5e5b77518b1018f134a069e3fab8c3bfc5e74"], ""),
    ("clojars", "", ["CLOJ", "ARS_0e61572b4e3c02eaa7f3b4a715e4e48dd74089a58f3aef3416f9386bd877"], ""),
    ("langsmith", "", ["lsv2", "_pt_3c9d51940ea4e095bd1d6854575622f8"], ""),
    ("nuget", "", ["oy2l", "nimtmae70d7wvs5fa04irplxckxaw727ehwpuydsg5"], ""),
    ("crates", "", ["cioc", "gBhziIBP9FOnLKGTQj09BBG7svMQB1m"], ""),
    ("neon", "", ["napi", "_37p2gwglcrh356rhhhzi8ooj3zkby07czdxvzpv1uz9du7jw"], ""),
    ("adafruit", "", ["aio_", "P3bqoAXGhLEUbMgqBOIaZx7doCz4"], ""),
    ("duffel", "", ["duff", "el_live_4CC3pnR6rnRoiz7CnGQHhAbP8CSHTWpKHDm996g5"], ""),
    ("easypost", "", ["EZAK", "RFdli7JcHgI4S6akSRPvFviS1dnskOpYMjtXd5jTnee0TBPVOMgiYl"], ""),
    ("flutterwave", "", ["FLWS", "ECK-ZA7WK38PUjUf"], ""),
    ("frame-io", "", ["fio-", "u-RS4NSDxBKjEm3WcqDhY1cWvwGhO9rv7JaVqWIrMnn2R01hGv2v7weRyoto6tIa3G"], ""),
    ("prefect", "", ["pnu_", "a09h5zj0rhy23swswz79yua5y2tl8tj1yofv"], ""),
    ("readme", "", ["rdme", "_upun1abdq5t8t81771y3wcw2ae7og0x6z9jm05z2v7fkxuxet6lhsv60k7s6"], ""),
    ("scalingo", "", ["tk-u", "s-Ng5MaLDokmGWkoouCsaAyATtsjA6TZ1GlAqBMLfx"], ""),
    ("typeform", "", ["tfp_", "jkR3p5igJkMamHJKhwgGBGEK8hf0dnbzzDpArxlUJtPWRKCRoG"], ""),
    ("yandex", "", ["AQVN", "258lEWMcnYBDO4Zlw9CcDnPPOCK7l2LUA53"], ""),
    ("heroku", "", ["HRKU", "-0dTamQ94f8EPrYrtlOaTZ4tfBy3PFLKWYLA4"], ""),
    ("infracost", "", ["ico-", "SZjXHVi3YVZpE9Hb06WjPYMdSWPbCRqB"], ""),
    ("snyk", "", ["snyk", "_uat.VzJPtIFMRi1yIjcd1yzP"], ""),
    ("sonar", "", ["squ_", "5bb6cc69f67e48eb7c64328c0490c257a632b962"], ""),
    (
        "cloudflare-origin",
        "",
        [
            "v1.0",
            "-92794c9bce4850bbd0e7cb35-93871c15d694c1957f8db03911731a6b2dc782bdeae16d4f61",
            "85578715bbd26944ff770e4b9447a3d54ec6390bf61189639e35aeeb95210ef2a83fdf6a0b29",
            "872400c49b5539ac5ba7",
        ],
        "",
    ),
    ("openshift", "", ["sha2", "56~XIj6X11QPDCGkzo60tZ5D8NfbfuKTmloFJsOKIcoZFC"], ""),
    ("harness", "", ["pat.", "2ceMNuXAC1n21ygbJSEqDg.da2e055c90eb6f2aed4c21a9.kka8XeqpIT3Vh4oB2MOr"], ""),
    ("maxmind", "", ["mmk_", "vcsFJqlXjl8aXhPkcZQH"], ""),
    ("nvidia", "", ["nvap", "i-OL94MjvHO31QpGMhqQtfOjdOiksHvg6lkF2arEzc"], ""),
    ("cerebras", "", ["csk-", "i696h6g3z8km4fixdzpdxcan3thi1fmhwkxvaqhp"], ""),
    ("fireworks", "", ["fw_X", "gvh8WufC0mWGWjUzmHC76"], ""),
    ("voyage", "", ["pa-r", "PQWMscB1lcHyBfHEzQLJj7S3rqY1Jl4QiswzR8cABV"], ""),
    ("cohere-trial", "", ["co_J", "fge3Cz1CELn0prmZ1e9Ks2cZO39nhEXVhNT5I"], ""),
    ("expo", "", ["expo", "_lnCNK0XudVkdY7WUAVleVOBPd4mCoJuqJRYR"], ""),
    ("plaid", "", ["acce", "ss-sandbox-28b4136d3b97429ab7bca1aafb77b4460ece"], ""),
    ("razorpay", "", ["rzp_", "live_ZkxT7KlEJTuTQu"], ""),
    ("paypal-braintree", "", ["acce", "ss_token$production$zl4c5bjmtmr4vkbh$80587061ce6936714122a40680a06aa0"], ""),
    ("launchdarkly", "", ["sdk-", "fca51d12-afc8-4e00-aa1d-a5204642bbdb"], ""),
    (
        "aws-bedrock",
        "",
        [
            "ABSK",
            "irl3jJqmkVOvnQ0tewCxpTpxjtdjRXhh8RIQAjeGpzxXJoOZwF7BnIHDigNjxLQ8mXvJ5L3v26xK",
            "hBWxtPc3fNo6W5zYdNUy5BGq",
        ],
        "",
    ),
    ("azure-client-secret", "", ["uAE6", "Q~r3WDOkYa66Y8qo3OBQBQtbPOWNUwbpR"], ""),
    ("zapier-webhook", "hooks.zapier.com/hooks/catch/", ["4739", "/k4rit"], ""),
    ("ifttt-webhook", "maker.ifttt.com/trigger/s/with/key/", ["fvaF", "35pkuRNM9Cn"], ""),
    (
        "google-chat-webhook",
        "chat.googleapis.com/v1/spaces/Ld4Yn/messages?",
        ["key=", "24VxcXX3ClB3i7tRbZhj&token=6ai6tjGVwgWkDRzfAvP6"],
        "",
    ),
    (
        "wecom-webhook",
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        ["ca17", "60147d301a233f4d05743bf2b6728508"],
        "",
    ),
    ("ansible-vault", "$ANSIBLE_VAULT;410;AES256\n", ["61db", "80a1\n"], ""),
    ("jwt", "", ["eyJp", "diSjVsa3v.tRZb"], ""),
]
"""Rule, what stands before the secret, the secret in pieces, what stands behind it."""
BROKEN_ANYWHERE = ["".join(pieces) for rule, _, pieces, _ in SAMPLES if rule in {"github", "npm", "stripe"}]


def found(text: str) -> dict[str, str]:
    return {hit.rule: text[hit.start : hit.end] for hit in VendorSecrets().find(text)}


def test_every_form_has_a_sample_and_there_are_enough_of_them() -> None:
    assert sorted(rule for rule, *_ in SAMPLES) == sorted(form.rule for form in FORMS)
    assert len(FORMS) >= 60


@pytest.mark.parametrize(("rule", "before", "pieces", "behind"), SAMPLES, ids=[sample[0] for sample in SAMPLES])
def test_secret_is_found_whole(rule: str, before: str, pieces: list[str], behind: str) -> None:
    secret = "".join(pieces)
    assert found(f"say {before}{secret}{behind} now")[rule] == secret


@pytest.mark.parametrize(("rule", "before", "pieces", "behind"), SAMPLES, ids=[sample[0] for sample in SAMPLES])
def test_a_third_of_it_is_no_secret_of_that_form(rule: str, before: str, pieces: list[str], behind: str) -> None:
    secret = "".join(pieces)
    assert rule not in found(f"say {before}{secret[: len(secret) // 3]} now {behind}")


@pytest.mark.parametrize("secret", BROKEN_ANYWHERE)
@pytest.mark.parametrize("wrap", ["\n", "\r\n    ", "\\n", '" + "', "\\\n"])
def test_secret_is_found_across_a_line_break(secret: str, wrap: str) -> None:
    half = len(secret) // 2
    text = f"token {secret[:half]}{wrap}{secret[half:]} end"
    assert f"{secret[:half]}{wrap}{secret[half:]}" in found(text).values()


def test_next_line_is_no_part_of_a_secret() -> None:
    secret = "".join(next(pieces for rule, _, pieces, _ in SAMPLES if rule == "github"))
    assert set(found(f"{secret}\ndeployment started").values()) == {secret}


@pytest.mark.parametrize("text", ["sk-your-key-here-xxxxxxxxxxxxxxxx", "ghp_" + "x" * 36, "AKIA" + "EXAMPLE" * 3])
def test_stand_in_is_no_secret(text: str) -> None:
    assert found(text) == {}
