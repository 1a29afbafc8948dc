"""Cases and what hangs on them. Nothing here is ever deleted: it is closed, ended, corrected or made unreachable."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from likvard.site.cases import timing
from likvard.site.cases.kinds import kind_of
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import Kind, State
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.people.roles import Reach
from likvard.terms import SchoolForm


class Secrecy(models.TextChoices):
    """What may be in a case, and so who may read it. The provisions are those of offentlighets- och sekretesslagen."""

    OPEN = "open", _("no secrecy")
    PUPIL = "pupil", _("about individual pupils")  # 23 kap. 2 §
    HEALTH = "health", _("pupil health: only those it is handed to")  # 23 kap. 2 § first paragraph, 25 kap. 1 §
    PROTECTED = "protected", _("protected personal data: only those it is handed to")  # 21 kap. 3 §, 22 kap. 1 §


BY_HAND = frozenset({Secrecy.HEALTH, Secrecy.PROTECTED})
"""Classes for which no place is enough: the principal has no right to the records of pupil health."""


class Retention(models.TextChoices):
    """When a closed case becomes unreachable, by the organiser's plan for its documents."""

    KEPT = "kept", _("kept for ever")
    TEN_YEARS = "ten_years", _("ten years after it was closed")
    FIVE_YEARS = "five_years", _("five years after it was closed")
    TWO_YEARS = "two_years", _("two years after it was closed")


RETENTION_YEARS = {Retention.TEN_YEARS: 10, Retention.FIVE_YEARS: 5, Retention.TWO_YEARS: 2}


def paired(*names: str) -> Q:
    """Fields that are all set or all empty."""
    return Q(**{f"{name}__isnull": True for name in names}) | Q(**{f"{name}__isnull": False for name in names})


def _by(**more: object) -> models.ForeignKey:
    return models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", **more)  # type: ignore[arg-type]


class Series(models.Model):
    """The last number given in a series and year. Numbers are given under its lock, so that there are no gaps."""

    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}:{self.last}"


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases."""

    def reachable(self) -> Self:
        """Those that retention has not made unreachable."""
        return self.filter(unreachable_at__isnull=True)

    def open(self) -> Self:
        """Those that are not closed."""
        return self.filter(closed_at__isnull=True)

    def numbered(self, number: RegisterNumber) -> Self:
        """The one with this register number."""
        return self.filter(series=number.series, year=number.year, number=number.number)

    def handed_to(self, user: User, on: date) -> Self:
        """Those that the person is responsible for or takes part in on the day, and is not excluded from."""
        taking_part = Participant.objects.in_force(on).filter(user=user).values("case")
        return self.filter(Q(responsible=user) | Q(pk__in=taking_part)).exclude(
            pk__in=Exclusion.objects.in_force().filter(user=user).values("case")
        )

    def at(self, reach: Reach) -> Self:
        """Those about the places of a reach."""
        if reach.everything:
            return self.all()
        return self.filter(Q(organiser_id__in=reach.organisers) | Q(unit_id__in=reach.units))

    def due_for_retention(self, on: date) -> list[Case]:
        """Closed ones whose time has run out on the day."""
        closed = self.reachable().filter(closed_at__isnull=False, retention__in=list(RETENTION_YEARS))
        return [case for case in closed if (until := case.kept_until) is not None and until < on]

    def shown(self) -> Self:
        """With all that a list or the head of a case shows."""
        return self.select_related("organiser", "unit", "responsible").prefetch_related("clocks__pauses")


class Case(models.Model):
    """A matter with a register number, about an organiser or one of its units, in a state of its kind's table."""

    kind_code = models.CharField(max_length=30)
    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    organiser = models.ForeignKey(Organiser, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    school_form = models.CharField(
        _("school form"), max_length=6, blank=True, choices=[(form.value, form.value) for form in SchoolForm]
    )
    state_code = models.CharField(max_length=30)
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = _by()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = _by(null=True, blank=True)
    closing_reason = models.TextField(blank=True)
    responsible = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_responsible_for"
    )
    secrecy = models.CharField(_("secrecy"), max_length=10, choices=Secrecy.choices, default=Secrecy.OPEN)
    retention = models.CharField(max_length=10, choices=Retention.choices, default=Retention.TEN_YEARS)
    unreachable_at = models.DateTimeField(null=True, blank=True)
    unreachable_by = _by(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "series", "-number"]
        indexes: ClassVar = [
            models.Index(fields=["organiser", "closed_at"], name="case_organiser"),
            models.Index(fields=["unit", "opened_at"], name="case_unit"),
            models.Index(fields=["responsible", "closed_at"], name="case_responsible"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="case_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="case_number_from_one"),
            models.CheckConstraint(condition=paired("closed_at", "closed_by"), name="case_closed_at_and_by"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closing_reason=""), name="case_closed_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="case_closed_after_opened"
            ),
            models.CheckConstraint(
                condition=paired("unreachable_at", "unreachable_by"), name="case_unreachable_at_and_by"
            ),
            models.CheckConstraint(
                condition=Q(unreachable_at__isnull=True) | Q(closed_at__isnull=False),
                name="case_closed_before_retention",
            ),
            models.CheckConstraint(condition=Q(secrecy__in=Secrecy.values), name="case_secrecy_is_known"),
            models.CheckConstraint(condition=Q(retention__in=Retention.values), name="case_retention_is_known"),
        ]

    def __str__(self) -> str:
        return self.dnr

    @property
    def register_number(self) -> RegisterNumber:
        """Its register number, as a value."""
        return RegisterNumber(self.series, self.year, self.number)

    @property
    def dnr(self) -> str:
        """Its register number, as it is written: `LV 2026:17`."""
        return str(self.register_number)

    @property
    def slug(self) -> str:
        """Its register number, as it stands in an address."""
        return self.register_number.slug

    @property
    def subject(self) -> str:
        """What the audit chain calls it."""
        return f"case:{self.dnr}"

    @property
    def kind(self) -> Kind:
        """Its kind, with the state table."""
        return kind_of(self.kind_code)

    @property
    def state(self) -> State:
        """The state it is in."""
        return self.kind.table.state(self.state_code)

    @property
    def place(self) -> Unit | Organiser:
        """What it is about: the unit, or the organiser as a whole."""
        return self.unit or self.organiser

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self.closed_at is not None

    @property
    def kept_until(self) -> date | None:
        """The last day on which a closed case is reachable; None while it is open, and where it is kept for ever."""
        years = RETENTION_YEARS.get(Retention(self.retention))
        if self.closed_at is None or years is None:
            return None
        closed = timing.day_of(self.closed_at)
        return date(closed.year + years, 12, 31)


class Since(models.QuerySet):
    """Questions about rows that hold from a moment until they are ended."""

    def in_force(self, on: date | None = None) -> Self:
        """Those that hold now; with a day also only until their last day."""
        found = self.filter(ended_at__isnull=True)
        return found if on is None else found.filter(Q(until__isnull=True) | Q(until__gte=on))


class Participant(models.Model):
    """A person to whom a case is open by hand: to work in it, or only to read it. Ended, never deleted."""

    class Part(models.TextChoices):
        """What for."""

        HANDLER = "handler", _("works in it")
        READER = "reader", _("reads it")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=7, choices=Part.choices)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    given_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = _by(null=True, blank=True)

    objects = Since.as_manager()

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ended_at__isnull=True), name="participant_open_once"
            ),
            models.CheckConstraint(condition=paired("ended_at", "ended_by"), name="participant_ended_at_and_by"),
            models.CheckConstraint(condition=Q(part__in=["handler", "reader"]), name="participant_part_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_part_display()}"


class Exclusion(models.Model):
    """A person who may not see a case whatever else they may: a conflict of interest. Ended, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exclusions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    given_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = _by(null=True, blank=True)

    objects = Since.as_manager()

    class Meta:
        ordering: ClassVar = ["since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ended_at__isnull=True), name="exclusion_open_once"
            ),
            models.CheckConstraint(condition=paired("ended_at", "ended_by"), name="exclusion_ended_at_and_by"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ClockQuerySet(models.QuerySet["Clock"]):
    """Questions about clocks."""

    def going(self) -> Self:
        """Those that neither have been met nor stopped."""
        return self.filter(met_at__isnull=True, stopped_at__isnull=True)

    def to_warn(self, on: date) -> list[Clock]:
        """Those that are soon due or late on the day, and have not been warned of."""
        waiting = self.going().filter(warned_at__isnull=True, due__isnull=False, case__closed_at__isnull=True)
        near = (timing.Standing.SOON, timing.Standing.LATE)
        return [clock for clock in waiting.prefetch_related("pauses") if clock.value.standing(on) in near]


class Clock(models.Model):
    """A duty in a case that runs against time. `due` follows the pauses that are over; `value` tells the rest."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(_("what is to be done"), max_length=120)
    duty = models.CharField(max_length=60, blank=True)  # a key of the rulebook's clocks, if the law has it
    counting = models.CharField(max_length=8, choices=timing.Counting.choices, default=timing.Counting.CALENDAR)
    started = models.DateField()
    first_due = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    warn = models.PositiveSmallIntegerField(default=7)
    warned_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_by = _by(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = _by(null=True, blank=True)
    stopping_reason = models.CharField(max_length=300, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["started", "id"]
        indexes: ClassVar = [models.Index(fields=["due"], name="clock_due", condition=Q(met_at__isnull=True))]
        constraints: ClassVar = [
            models.CheckConstraint(condition=paired("first_due", "due"), name="clock_due_twice"),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("first_due")), name="clock_due_never_earlier"
            ),
            models.CheckConstraint(condition=paired("met_at", "met_on", "met_by"), name="clock_met_at_on_and_by"),
            models.CheckConstraint(condition=paired("stopped_at", "stopped_by"), name="clock_stopped_at_and_by"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | ~Q(stopping_reason=""), name="clock_stopped_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(stopped_at__isnull=True), name="clock_ends_one_way"
            ),
            models.CheckConstraint(condition=Q(counting__in=timing.Counting.values), name="clock_counting_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def value(self) -> timing.Clock:
        """The clock as a value that can tell how it stands on a day."""
        return timing.Clock(
            started=self.started,
            first_due=self.first_due,
            counting=timing.Counting(self.counting),
            pauses=tuple(timing.Pause(pause.start, pause.end) for pause in self.pauses.all()),
            warn=self.warn,
            met=self.met_on,
            stopped=timing.day_of(self.stopped_at) if self.stopped_at else None,
        )


class ClockPause(models.Model):
    """A time in which a clock stood still, and why."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    start = models.DateField()
    started_by = _by()
    reason = models.CharField(max_length=300)
    end = models.DateField(null=True, blank=True)
    ended_by = _by(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["start", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=paired("end", "ended_by"), name="pause_ended_at_and_by"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="pause_ends_after_start"
            ),
            models.UniqueConstraint(fields=["clock"], condition=Q(end__isnull=True), name="pause_open_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.start}: {self.reason}"


class Document(models.Model):
    """A document, whatever its versions. Its own date is apart from the days its versions came in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    dated = models.DateField(_("date of the document"))
    sensitive = models.BooleanField(_("holds personal data of pupils"), default=False)
    finished = models.BooleanField(_("finished"), default=True)  # a draft is not yet an official document

    class Meta:
        ordering: ClassVar = ["dated", "title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def newest(self) -> DocumentVersion | None:
        """Its last version."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)


class Scan(models.TextChoices):
    """What the virus scanner said."""

    UNSCANNED = "unscanned", _("not scanned for viruses")
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("virus found: kept apart")
    FAILED = "failed", _("could not be scanned: kept apart")


class DocumentVersion(models.Model):
    """One version of a document: a file, known by the SHA-256 of its content, that is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by = _by()
    scan = models.CharField(max_length=9, choices=Scan.choices)
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="version_scan_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.number})"

    @property
    def may_be_fetched(self) -> bool:
        """Whether the scanner, if there is one, lets it out."""
        return self.scan in (Scan.CLEAN, Scan.UNSCANNED)


class LinkType(models.TextChoices):
    """How a case hangs together with something else."""

    OWN = "own", _("belongs to the matter")
    MENTIONED = "mentioned", _("is mentioned")
    FOLLOWS = "follows", _("follows on")


class CaseLink(models.Model):
    """A case and one thing that it hangs together with: another case, a document, or a number that is not in our register."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    type = models.CharField(max_length=9, choices=LinkType.choices)
    to_case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="linked_from")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="links")
    quoted = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_case__isnull=False, document__isnull=True, quoted="")
                | Q(to_case__isnull=True, document__isnull=False, quoted="")
                | (Q(to_case__isnull=True, document__isnull=True) & ~Q(quoted="")),
                name="link_to_one_thing",
            ),
            models.CheckConstraint(condition=~Q(type="own") | Q(document__isnull=False), name="link_own_is_a_document"),
            models.CheckConstraint(condition=~Q(case=F("to_case")), name="link_not_to_itself"),
            models.CheckConstraint(condition=Q(type__in=LinkType.values), name="link_type_is_known"),
            models.UniqueConstraint(
                fields=["case", "type", "to_case"], condition=Q(to_case__isnull=False), name="link_case_once"
            ),
            models.UniqueConstraint(
                fields=["case", "document"], condition=Q(document__isnull=False), name="link_document_once"
            ),
            models.UniqueConstraint(fields=["document"], condition=Q(type="own"), name="link_document_has_one_case"),
            models.UniqueConstraint(fields=["case", "quoted"], condition=~Q(quoted=""), name="link_quoted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_type_display()}: {self.to_case or self.document or self.quoted}"


class Message(models.Model):
    """What one person wrote to others in a case. Sensitive text stays hidden until somebody asks for it with a reason."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to = models.ManyToManyField(User, related_name="+")
    text = models.TextField(_("message"), max_length=10_000)
    sensitive = models.BooleanField(_("holds personal data of pupils"), default=False)
    sent_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["sent_at", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="message_not_empty")]

    def __str__(self) -> str:
        return f"{self.author}, {self.sent_at:%Y-%m-%d}"


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Questions about the outbox."""

    def due(self, at: datetime) -> Self:
        """Mail whose turn it is, oldest first."""
        return self.filter(state=Outgoing.State.QUEUED, due_at__lte=at).order_by("due_at", "id")

    def unsettled(self) -> Self:
        """Mail that a person must look at: nobody knows whether it was sent, or it could not be."""
        return self.filter(state__in=[Outgoing.State.UNKNOWN, Outgoing.State.FAILED])


class Outgoing(models.Model):
    """A letter to be sent, written in the transaction of the deed that it tells of. See `outbox`."""

    class State(models.TextChoices):
        """Where it is."""

        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        UNKNOWN = "unknown", _("perhaps sent")
        DROPPED = "dropped", _("not to be sent")

    message_id = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="outgoing_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outgoing_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(claimed_at__isnull=False), name="outgoing_sending_is_claimed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


def clocks_by_urgency(clocks: Iterable[Clock], on: date) -> list[Clock]:
    """The late first, the oldest of them first; those that are over last."""
    return sorted(clocks, key=lambda clock: timing.urgency(clock.value, on))
