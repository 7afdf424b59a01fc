"""Turn scrubbed episodes into pages. Views decide what is shown; templates only print it."""
