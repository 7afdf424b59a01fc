"""Put a finished site in place, in one step and only when it is whole."""
