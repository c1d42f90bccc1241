"""What a scenario may say: a strict model of every section, with default, unit, range and source of each key."""
