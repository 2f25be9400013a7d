"""The pages where people's ratings and judges' verdicts are read, one file each."""
