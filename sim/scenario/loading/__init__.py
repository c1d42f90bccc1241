"""Loading of scenarios: finding and merging files, attaching the files that they name, validation, and reporting of problems."""
