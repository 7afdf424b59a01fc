"""The recognizers of the default registry."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.recognizers.addresses import Addresses
from atlas_build.scrub.recognizers.eastern_names import EasternNames
from atlas_build.scrub.recognizers.emails import Emails
from atlas_build.scrub.recognizers.geo import Places
from atlas_build.scrub.recognizers.handles import Handles
from atlas_build.scrub.recognizers.hosts import Hosts
from atlas_build.scrub.recognizers.identifiers import Identifiers
from atlas_build.scrub.recognizers.networks import Networks
from atlas_build.scrub.recognizers.numbers import BankAccounts, Cards
from atlas_build.scrub.recognizers.paths import HomePaths
from atlas_build.scrub.recognizers.people import People, Signatures
from atlas_build.scrub.recognizers.phones import Phones
from atlas_build.scrub.recognizers.prompts import Prompts
from atlas_build.scrub.recognizers.script_names import ScriptNames
from atlas_build.scrub.recognizers.secret_places import SecretPlaces
from atlas_build.scrub.recognizers.secret_prose import SecretProse
from atlas_build.scrub.recognizers.vendor_secrets import VendorSecrets


def build_families(policy: ScrubPolicy) -> list[EntityRecognizer]:
    """One instance of each family, set up by the policy."""
    return [
        VendorSecrets(),
        SecretPlaces(),
        SecretProse(policy.vocabulary),
        Emails(policy.mail),
        HomePaths(policy.accounts, policy.vocabulary),
        Prompts(policy.accounts),
        Handles(policy.mentions, policy.vocabulary),
        Hosts(policy.mail, policy.vocabulary),
        Places(),
        Networks(policy.network),
        Phones(),
        Cards(),
        BankAccounts(),
        Identifiers(),
        Addresses(),
        People(policy.vocabulary),
        Signatures(policy.vocabulary),
        EasternNames(),
        ScriptNames(policy.vocabulary),
    ]
