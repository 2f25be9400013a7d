"""Stands in for Django's translations where there is no Django: every text stays as it is."""


def gettext(text: str) -> str:
    return text


def ngettext(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


def pgettext(_context: str, text: str) -> str:
    return text


gettext_lazy, ngettext_lazy, pgettext_lazy = gettext, ngettext, pgettext
