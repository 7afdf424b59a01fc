"""Reading: files of known shapes in, `SourceEpisode`s out. Nothing of what is set aside is repeated in a message."""
