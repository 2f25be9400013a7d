"""What is said of a configuration that names or gives what there is not."""

from django.utils.translation import gettext_lazy

UNKNOWN = {
    "field": gettext_lazy("%(where)s: the field '%(name)s' is not known. Known: %(known)s."),
    "preset": gettext_lazy("%(where)s: the preset '%(name)s' is not known. Known: %(known)s."),
    "kind in shares": gettext_lazy(
        "%(where)s: the kind in shares '%(name)s' is not known. Known: %(known)s."
    ),
    "method": gettext_lazy("%(where)s: the method '%(name)s' is not known. Known: %(known)s."),
    "schedule": gettext_lazy("%(where)s: the schedule '%(name)s' is not known. Known: %(known)s."),
}
MEANT = {
    "field": gettext_lazy(
        "%(where)s: the field '%(name)s' is not known. Is '%(near)s' meant? Known: %(known)s."
    ),
    "preset": gettext_lazy(
        "%(where)s: the preset '%(name)s' is not known. Is '%(near)s' meant? Known: %(known)s."
    ),
    "kind in shares": gettext_lazy(
        "%(where)s: the kind in shares '%(name)s' is not known. Is '%(near)s' meant? "
        "Known: %(known)s."
    ),
    "method": gettext_lazy(
        "%(where)s: the method '%(name)s' is not known. Is '%(near)s' meant? Known: %(known)s."
    ),
    "schedule": gettext_lazy(
        "%(where)s: the schedule '%(name)s' is not known. Is '%(near)s' meant? Known: %(known)s."
    ),
}
OF_KIND = {
    bool: gettext_lazy("%(where)s: '%(name)s' is true or false, not %(value)s."),
    str: gettext_lazy("%(where)s: '%(name)s' is text, not %(value)s."),
    tuple[str, ...]: gettext_lazy("%(where)s: '%(name)s' is a list of names, not %(value)s."),
}
A_LIST_OF_SHARES = gettext_lazy("%(where)s: '%(name)s' is a list of shares, not %(value)s.")
