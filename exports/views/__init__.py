"""The pages of releases and of what can be downloaded, one file each."""
