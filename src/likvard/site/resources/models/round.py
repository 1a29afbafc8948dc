"""An allocation round, its versions, and what each version gives every school. Once decided it is frozen."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from likvard.allocation.round import Input, Rule
from likvard.allocation.round import Unit as Basis
from likvard.figures import formats
from likvard.rulebook import school_form_names
from likvard.site.cases.models.shared import by as signed
from likvard.site.cases.models.shared import paired
from likvard.site.cases.states import State
from likvard.site.people.models import Organiser, Unit
from likvard.site.resources import rules
from likvard.site.ui.language import current
from likvard.terms import OrganiserKind, SchoolForm

STATES = [(state.code, state.label) for state in rules.TABLE.states]


class RoundQuerySet(models.QuerySet["Round"]):
    """Questions about rounds."""

    def decided(self) -> Self:
        """What everybody may read, the newest year first."""
        return self.filter(state="decided")

    def shared(self) -> Self:
        """What the schools that it concerns may read."""
        return self.filter(state__in=sorted(rules.SHARED_STATES))

    def of(self, number: str) -> Self:
        """An organiser's rounds."""
        return self.filter(organiser_id=number)

    def sized(self) -> Self:
        """With how much the newest version shares (`frame`), and among how many `schools`."""
        newest = Version.objects.filter(round=OuterRef("pk")).order_by("-number")
        shares = Share.objects.filter(version=OuterRef("newest_pk")).order_by().values("version")
        found = self.annotate(newest_pk=Subquery(newest.values("pk")[:1]), frame=Subquery(newest.values("frame")[:1]))
        return found.annotate(schools=Subquery(shares.annotate(n=Count("pk")).values("n")))


class Round(models.Model):
    """How an organiser shares a frame among schools of a form in a calendar year, its own and independent alike.

    `memo` is the decision's memorandum as data of `writing.text`, made at the decision and never changed; `fingerprint` is the
    seal of the version that was decided. `body` is the board in whose name the person decides.
    """

    organiser = models.ForeignKey(Organiser, on_delete=models.PROTECT, related_name="allocation_rounds")
    year = models.PositiveSmallIntegerField(_("calendar year"))
    form = models.CharField(_("school form"), max_length=6, default=SchoolForm.COMPULSORY.value)
    slug = models.SlugField(max_length=20)
    state = models.CharField(max_length=8, choices=STATES, default="draft")
    views_until = models.DateField(null=True, blank=True)
    planned_on = models.DateField(_("day of the decision"), null=True, blank=True)
    body = models.CharField(_("who decides"), max_length=150)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followers")
    made_at = models.DateTimeField()
    made_by = signed()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = signed(null=True, blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    memo = models.JSONField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "form", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organiser", "slug"], name="allocation_round_address_once"),
            models.UniqueConstraint(
                fields=["organiser", "year", "form"],
                condition=Q(state__in=sorted(rules.OPEN_STATES)),
                name="allocation_round_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _label in STATES]), name="allocation_round_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="allocation_round_year_in_our_time"
            ),
            models.CheckConstraint(
                condition=paired("decided_at", "decided_by"), name="allocation_round_decided_at_and_by"
            ),
            # A decision has a person, a reason, a memorandum and a seal; nothing else has.
            models.CheckConstraint(
                condition=(
                    Q(state="decided", decided_at__isnull=False, memo__isnull=False)
                    & ~Q(reason="")
                    & ~Q(fingerprint="")
                )
                | (~Q(state="decided") & Q(decided_at__isnull=True, memo__isnull=True, fingerprint="")),
                name="allocation_round_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state="heard") | Q(views_until__isnull=False), name="allocation_round_heard_until_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organiser} {self.slug}"

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"allocation:{self.pk}"

    @property
    def stage(self) -> State:
        """Its state: the name, and who moves next."""
        return rules.TABLE.state(self.state)

    @property
    def is_decided(self) -> bool:
        """Whether it is frozen."""
        return self.state == "decided"

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.state in rules.OPEN_STATES

    @property
    def form_name(self) -> str:
        """What its form is called inside a sentence, in the language that is set."""
        return school_form_names(SchoolForm(self.form), timezone.localtime(self.made_at).date()).name[current()]

    @property
    def title(self) -> str:
        """Its year, and its form for others than compulsory school: `2027, förskoleklass`, `2026-2`."""
        year = self.slug.replace(f"-{self.form.lower()}", "")
        return year if self.form == SchoolForm.COMPULSORY else f"{year}, {self.form_name}"

    @property
    def money(self) -> str:
        """How much it shares, of a round that was asked for with `sized`: in millions, so that years can be told apart."""
        return formats.number(getattr(self, "frame", 0) / 1e6, 1, current())

    @property
    def newest(self) -> Version:
        """The version that stands: the newest."""
        return self.versions.order_by("-number")[0]

    def get_absolute_url(self) -> str:
        """Its page."""
        return self.href()

    def href(self, page: str = "round", **more: object) -> str:
        """The address of one of its pages."""
        return reverse(f"resources_{page}", kwargs={"number": self.organiser_id, "slug": self.slug, **more})


class Version(models.Model):
    """A draft of a round: the rule, what it rests on, and what each school gets by it. It is never changed; the next one is another.

    `publication` is the id of the publication that need and pupils were read from, empty where they were typed.
    `facts` is what that publication said of the need model (calibration, years of the inputs).
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    data = models.JSONField()
    inputs_data = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    publication = models.CharField(max_length=40, blank=True)
    published_on = models.DateField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)
    frame = models.BigIntegerField()
    why = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = signed()

    class Meta:
        ordering: ClassVar = ["round", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="allocation_round_version_once"),
            models.CheckConstraint(condition=~Q(why="") & Q(frame__gt=0), name="allocation_round_version_with_why"),
        ]

    def __str__(self) -> str:
        return f"{self.round} ({self.number})"

    @property
    def rule(self) -> Rule:
        """The rule as a value."""
        return rules.rule_of(self.data)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What it rests on, and of when."""
        return rules.inputs_of(self.inputs_data)

    @property
    def basis(self) -> tuple[Basis, ...]:
        """Every school with what shares the money, as it was when the version was made."""
        return tuple(share.basis for share in self.shares.all())


class Share(models.Model):
    """What a version rests on for one school, and what it gives the school. The crowns of a version sum to its frame exactly."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="shares")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    area = models.CharField(max_length=100, blank=True)
    pupils = models.FloatField()
    need = models.FloatField(null=True, blank=True)
    need_low = models.FloatField(null=True, blank=True)
    need_high = models.FloatField(null=True, blank=True)
    unseen = models.FloatField(null=True, blank=True)
    stated = models.FloatField(null=True, blank=True)
    last = models.BigIntegerField(null=True, blank=True)
    last_pupils = models.FloatField(null=True, blank=True)
    set_apart = models.BigIntegerField(default=0)
    crowns = models.BigIntegerField()
    by_need = models.BigIntegerField()
    full = models.BigIntegerField()
    limit = models.CharField(max_length=8, blank=True)
    reason_sv = models.TextField()
    reason_en = models.TextField()

    class Meta:
        ordering: ClassVar = ["version", "area", "name", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "unit"], name="allocation_share_once"),
            models.CheckConstraint(
                condition=Q(crowns__gte=0, pupils__gt=0), name="allocation_share_is_money_for_pupils"
            ),
            models.CheckConstraint(condition=paired("last", "last_pupils"), name="allocation_share_last_year_whole"),
            models.CheckConstraint(
                condition=Q(limit__in=["", "floor", "ceiling", "cap_up", "cap_down"]),
                name="allocation_share_limit_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.name}"

    @property
    def basis(self) -> Basis:
        """What shares the money."""
        return Basis(
            code=self.unit_id, name=self.name, pupils=self.pupils, need=self.need,
            organiser_kind=OrganiserKind(self.kind), form=SchoolForm(self.version.round.form),
            need_low=self.need_low, need_high=self.need_high, unseen=self.unseen, stated=self.stated,
            last=self.last, last_pupils=self.last_pupils, set_apart=self.set_apart,
        )  # fmt: skip

    @property
    def per_pupil(self) -> float:
        """Crowns a pupil."""
        return self.crowns / self.pupils

    @property
    def last_per_pupil(self) -> float | None:
        """Crowns a pupil last year; None for a school that was not there."""
        return None if self.last is None or not self.last_pupils else self.last / self.last_pupils

    @property
    def change(self) -> int | None:
        """Crowns more than last year."""
        return None if self.last is None else self.crowns - self.last
