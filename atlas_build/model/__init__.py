"""The ground floor: shapes and names. Nothing here reads files, looks at a clock or renders."""
