"""From text to plain data: YAML and tables with positions, numbers as people write them, problems collected."""
