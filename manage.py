#!/usr/bin/env python
"""Django's command line for the Studio: `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychosafe_site.settings")
    if sys.argv[1:2] == ["demo"]:
        # Only this command turns the demo on; what it starts inherits it.
        os.environ["DEMO"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
