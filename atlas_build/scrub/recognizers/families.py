"""The recognizers of the default registry."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.recognizers.emails import Emails
from atlas_build.scrub.recognizers.paths import HomePaths
from atlas_build.scrub.recognizers.secret_places import SecretPlaces
from atlas_build.scrub.recognizers.vendor_secrets import VendorSecrets


def build_families(policy: ScrubPolicy) -> list[EntityRecognizer]:
    """One instance of each family, set up by the policy."""
    return [
        VendorSecrets(),
        SecretPlaces(),
        Emails(policy.mail),
        HomePaths(policy.accounts),
    ]
