"""`doctor`: checks the installation and says how to mend it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from psychosafe_site.checkup import Finding, findings


class Command(BaseCommand):
    """Prints each finding; the exit code is 1 if anything keeps the Studio from working."""

    help = "Check the installation. Example: manage.py doctor"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="Only what needs mending.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(findings())
        for finding in found:
            if not (options["quiet"] and finding.is_good):
                self._say(finding)
        if any(not finding.is_good and finding.is_needed for finding in found):
            raise SystemExit(1)

    def _say(self, finding: Finding) -> None:
        mark = "good" if finding.is_good else "MEND" if finding.is_needed else "note"
        self.stdout.write(f"{mark}  {finding.what}")
        if not finding.is_good:
            self.stdout.write(f"      {finding.remedy}")
