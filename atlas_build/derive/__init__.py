"""Numbers and neighbourhoods that pages show, worked out once from the published episodes."""
