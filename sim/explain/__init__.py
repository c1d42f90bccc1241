"""Text for `sanzhi explain`: what a scenario, a study or a search will do, before it runs."""
