"""What people look at: figures and a report of one run, in English or Chinese."""
