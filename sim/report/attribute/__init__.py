"""The page that attributes a difference to levers."""
