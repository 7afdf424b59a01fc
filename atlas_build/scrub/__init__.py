"""The scrub stage: takes personal data and secrets out of admitted episodes. Only this package makes an `Episode`."""
