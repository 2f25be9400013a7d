"""What changes training runs and task runs: the only places that write."""
