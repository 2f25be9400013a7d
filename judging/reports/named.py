"""What a study's report says of criteria whose answers are no single number: several values, the
name of a strategy, or words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from agreement import bootstrap, masi, percent
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.wording import _, ngettext
from annotation.models import Criterion, PromptRating, Rating, Study
from corpus.models import Strategy
from judging.reports import document
from judging.reports.document import Section, cell, mark

MOST_NAMES = 40
SETS = _(
    "Where several values may be picked, alpha takes each rating as a set and the MASI distance "
    "between sets (Passonneau 2006): sets that overlap disagree in part. Each value by itself is "
    "yes or no, with nominal alpha; a value that hardly anybody picked has a low alpha even where "
    "raters nearly always agree."
)
# (item, rater, the set that was picked or the words that were given)
Picked = list[tuple[str, str, frozenset[int]]]
Worded = list[tuple[str, str, str]]


@dataclass(frozen=True, eq=False)
class Named:
    """A criterion with what was given on it."""

    criterion: Criterion
    picked: Picked
    worded: Worded

    @property
    def n(self) -> int:
        return len(self.picked) + len(self.worded)


def read(study: Study) -> list[Named]:
    """Criteria without a single number, in the order of the rubric. Three queries, or one."""
    criteria = [each for each in study.rubric.criteria.all() if not each.is_measured]
    if not criteria:
        return []
    found = {each.pk: Named(each, [], []) for each in criteria}
    columns = ("criterion_id", "rater_id", "picked", "words")
    answers = Rating.objects.filter(study=study, answer="value", criterion__in=criteria)
    prompts = PromptRating.objects.filter(study=study, answer="value", criterion__in=criteria)
    for rows, place in ((answers, "completion_id"), (prompts, "item_id")):
        given = rows.order_by("created_at", "id").values_list(place, *columns)
        for item, criterion, rater, picked, words in given:
            if picked is not None:
                found[criterion].picked.append((item, rater, frozenset(picked)))
            elif words:
                found[criterion].worded.append((item, rater, words))
    return [each for each in found.values() if each.n]


def section(study: Study, *, draws: int) -> Section:
    """Alpha of sets and of each value, nominal alpha of names; of free text no figure, and why."""
    marks, rows, said, names = [], [], [], Counter[tuple[str, str]]()
    for each in read(study):
        label = each.criterion.label
        if each.criterion.kind == Criterion.Kind.TEXT:
            said.append(_texts(each))
            continue
        for name, found, exact, share, n in _lines(each, draws):
            marks.append(mark(name, found, group=label))
            rows.append([label, name, cell(found), document.percent(exact), share, n])
        if each.criterion.kind == Criterion.Kind.STRATEGY:
            names.update((label, words) for _item, _rater, words in each.worded)
        else:
            said.append(_kinds_of_sets(each))
    columns = [_("Criterion"), _("What"), _("Alpha"), _("Exact"), _("Picked"), _("Ratings")]
    title = _("Criteria with several values, names or words")
    of_alpha = _("Criteria with several values, names or words: alpha")
    blocks = [
        document.forest("named", of_alpha, marks, axis=None, zero=0.0, note=SETS),
        document.table("named_figures", title, columns, rows),
        *_names(names),
    ]
    return document.section("named", title, blocks if rows else [], said=said)


def _texts(each: Named) -> str:
    return ngettext(
        "{criterion}: {n} text. Words have no figure of agreement here; read them side by side, "
        "or sort them into named kinds first.",
        "{criterion}: {n} texts. Words have no figure of agreement here; read them side by side, "
        "or sort them into named kinds first.",
        each.n,
        criterion=each.criterion.label,
    )


def _kinds_of_sets(each: Named) -> str:
    n = len({picked for _item, _rater, picked in each.picked})
    mean = sum(len(picked) for _item, _rater, picked in each.picked) / each.n
    return ngettext(
        "{criterion}: {n} set alone was picked, of {mean} values on average.",
        "{criterion}: {n} different sets were picked, of {mean} values on average.",
        n,
        criterion=each.criterion.label,
        mean=f"{mean:.1f}",
    )


Line = tuple[str, Estimate, Estimate, str | None, int]


def _lines(each: Named, draws: int) -> Iterator[Line]:
    """(what, alpha, exact agreement, how often it was picked, ratings)."""
    if each.criterion.kind == Criterion.Kind.STRATEGY:
        table = Ratings.from_rows(each.worded, "nominal")
        yield _("the strategy named"), *_nominal(table, draws), None, each.n
        return
    sets = masi.alpha(each.picked, draws=draws)
    whole = [(item, rater, _spelled(picked)) for item, rater, picked in each.picked]
    exact = percent.exact(Ratings.from_rows(whole, "nominal"))
    yield _("the sets (MASI)"), sets, exact, None, each.n
    labels = {point.value: point.label for point in each.criterion.points.all()}
    for value in each.criterion.scale:
        yes_or_no = [(item, who, str(int(value in picked))) for item, who, picked in each.picked]
        table = Ratings.from_rows(yes_or_no, "nominal")
        share = sum(value in picked for _item, _rater, picked in each.picked) / each.n
        yield labels.get(value) or str(value), *_nominal(table, draws), f"{share:.0%}", each.n


def _nominal(table: Ratings, draws: int) -> tuple[Estimate, Estimate]:
    return bootstrap.alpha_interval(table, "nominal", draws=draws), percent.exact(table)


def _spelled(picked: frozenset[int]) -> str:
    """A name for the set; an empty one is a rating too."""
    return "none" if not picked else "+".join(map(str, sorted(picked)))


def _names(given: Counter[tuple[str, str]]) -> list[document.Block]:
    """How often each strategy was named, the commonest first."""
    if not given:
        return []
    slugs = {words for _label, words in given}
    known = dict(Strategy.objects.filter(slug__in=slugs).values_list("slug", "name"))
    rows = [[label, known.get(slug, slug), n] for (label, slug), n in given.most_common(MOST_NAMES)]
    title = _("Strategies that raters named")
    columns = [_("Criterion"), _("Strategy"), _("Times")]
    return [document.table("strategies", title, columns, rows)]
