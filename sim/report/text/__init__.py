"""What pages say, in English and Chinese."""
