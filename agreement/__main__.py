"""`python -m agreement ratings.csv --level ordinal`, without the site."""

import sys

from agreement.command import main

sys.exit(main())
