"""Cases, clocks, documents, messages and the outbox."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("dated", models.DateField(verbose_name="date of the document")),
                ("sensitive", models.BooleanField(default=False, verbose_name="holds personal data of pupils")),
                ("finished", models.BooleanField(default=True, verbose_name="finished")),
            ],
            options={
                "ordering": ["dated", "title", "id"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind_code", models.CharField(max_length=30)),
                ("series", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "school_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FSK", "FSK"),
                            ("FKLASS", "FKLASS"),
                            ("FTH", "FTH"),
                            ("GR", "GR"),
                            ("GRAN", "GRAN"),
                            ("SP", "SP"),
                            ("SAM", "SAM"),
                            ("GY", "GY"),
                            ("GYAN", "GYAN"),
                            ("VUX", "VUX"),
                            ("SFI", "SFI"),
                        ],
                        max_length=6,
                        verbose_name="school form",
                    ),
                ),
                ("state_code", models.CharField(max_length=30)),
                ("state_since", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closing_reason", models.TextField(blank=True)),
                (
                    "secrecy",
                    models.CharField(
                        choices=[
                            ("open", "no secrecy"),
                            ("pupil", "about individual pupils"),
                            ("health", "pupil health: only those it is handed to"),
                            ("protected", "protected personal data: only those it is handed to"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="secrecy",
                    ),
                ),
                (
                    "retention",
                    models.CharField(
                        choices=[
                            ("kept", "kept for ever"),
                            ("ten_years", "ten years after it was closed"),
                            ("five_years", "five years after it was closed"),
                            ("two_years", "two years after it was closed"),
                        ],
                        default="ten_years",
                        max_length=10,
                    ),
                ),
                ("unreachable_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="people.organiser",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_responsible_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="people.unit",
                    ),
                ),
                (
                    "unreachable_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "series", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="what is to be done")),
                ("duty", models.CharField(blank=True, max_length=60)),
                (
                    "counting",
                    models.CharField(
                        choices=[("calendar", "all days"), ("working", "working days")],
                        default="calendar",
                        max_length=8,
                    ),
                ),
                ("started", models.DateField()),
                ("first_due", models.DateField(blank=True, null=True)),
                ("due", models.DateField(blank=True, null=True)),
                ("warn", models.PositiveSmallIntegerField(default=7)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("met_on", models.DateField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("stopping_reason", models.CharField(blank=True, max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="cases.case"
                    ),
                ),
                (
                    "met_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["started", "id"],
            },
        ),
        migrations.CreateModel(
            name="ClockPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("end", models.DateField(blank=True, null=True)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="cases.clock"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["start", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("own", "belongs to the matter"),
                            ("mentioned", "is mentioned"),
                            ("follows", "follows on"),
                        ],
                        max_length=9,
                    ),
                ),
                ("quoted", models.CharField(blank=True, max_length=40)),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="cases.case"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "to_case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_from",
                        to="cases.case",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="cases.document",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("filename", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("unscanned", "not scanned for viruses"),
                            ("clean", "no virus found"),
                            ("infected", "virus found: kept apart"),
                            ("failed", "could not be scanned: kept apart"),
                        ],
                        max_length=9,
                    ),
                ),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="cases.document"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["document", "number"],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exclusions", to="cases.case"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=10000, verbose_name="message")),
                ("sensitive", models.BooleanField(default=False, verbose_name="holds personal data of pupils")),
                ("sent_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="cases.case"
                    ),
                ),
                ("to", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "could not be sent"),
                            ("unknown", "perhaps sent"),
                            ("dropped", "not to be sent"),
                        ],
                        default="queued",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(choices=[("handler", "works in it"), ("reader", "reads it")], max_length=7)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("since", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="cases.case"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="series_once_a_year")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organiser", "closed_at"], name="case_organiser"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["unit", "opened_at"], name="case_unit"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["responsible", "closed_at"], name="case_responsible"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("series", "year", "number"), name="case_number_once"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="case_number_from_one"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("organiser__isnull", False), ("unit__isnull", False), _connector="OR"),
                name="case_has_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="case_closed_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), models.Q(("closing_reason", ""), _negated=True), _connector="OR"
                ),
                name="case_closed_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                ),
                name="case_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("unreachable_at__isnull", True), ("unreachable_by__isnull", True)),
                    models.Q(("unreachable_at__isnull", False), ("unreachable_by__isnull", False)),
                    _connector="OR",
                ),
                name="case_unreachable_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("unreachable_at__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                name="case_closed_before_retention",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("secrecy__in", ["open", "pupil", "health", "protected"])),
                name="case_secrecy_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("retention__in", ["kept", "ten_years", "five_years", "two_years"])),
                name="case_retention_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(condition=models.Q(("met_at__isnull", True)), fields=["due"], name="clock_due"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due__isnull", True), ("first_due__isnull", True)),
                    models.Q(("due__isnull", False), ("first_due__isnull", False)),
                    _connector="OR",
                ),
                name="clock_due_twice",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("due__isnull", True), ("due__gte", models.F("first_due")), _connector="OR"),
                name="clock_due_never_earlier",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("met_at__isnull", True), ("met_by__isnull", True), ("met_on__isnull", True)),
                    models.Q(("met_at__isnull", False), ("met_by__isnull", False), ("met_on__isnull", False)),
                    _connector="OR",
                ),
                name="clock_met_at_on_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at__isnull", True), ("stopped_by__isnull", True)),
                    models.Q(("stopped_at__isnull", False), ("stopped_by__isnull", False)),
                    _connector="OR",
                ),
                name="clock_stopped_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stopped_at__isnull", True), models.Q(("stopping_reason", ""), _negated=True), _connector="OR"
                ),
                name="clock_stopped_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("met_at__isnull", True), ("stopped_at__isnull", True), _connector="OR"),
                name="clock_ends_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("counting__in", ["calendar", "working"])), name="clock_counting_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("end__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="pause_ended_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                name="pause_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("end__isnull", True)), fields=("clock",), name="pause_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="pause_with_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document__isnull", True), ("quoted", ""), ("to_case__isnull", False)),
                    models.Q(("document__isnull", False), ("quoted", ""), ("to_case__isnull", True)),
                    models.Q(
                        ("document__isnull", True), ("to_case__isnull", True), models.Q(("quoted", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="link_to_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("type", "own"), _negated=True), ("document__isnull", False), _connector="OR"
                ),
                name="link_own_is_a_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("to_case")), _negated=True), name="link_not_to_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["own", "mentioned", "follows"])), name="link_type_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_case__isnull", False)),
                fields=("case", "type", "to_case"),
                name="link_case_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document__isnull", False)), fields=("case", "document"), name="link_document_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("type", "own")), fields=("document",), name="link_document_has_one_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("quoted", ""), _negated=True), fields=("case", "quoted"), name="link_quoted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan__in", ["unscanned", "clean", "infected", "failed"])),
                name="version_scan_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("case", "user"), name="exclusion_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="exclusion_ended_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="message_not_empty"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(fields=["state", "due_at"], name="outgoing_due"),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="outgoing_sent_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_at__isnull", False), _connector="OR"
                ),
                name="outgoing_sending_is_claimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("case", "user"), name="participant_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="participant_ended_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["handler", "reader"])), name="participant_part_is_known"
            ),
        ),
    ]
