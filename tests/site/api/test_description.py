"""The OpenAPI description: true, and no question within or without it is answered with a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from likvard.site.api.problems import PROBLEMS
from likvard.site.api.rules import Rate
from likvard.site.api.words import OPERATIONS, PARAMETERS
from likvard.site.wsgi import application

EXAMPLES = 10
"""Questions per operation; thirty times as many were asked while the API was written."""


@pytest.fixture
def description(client, db) -> dict:
    return client.get("/api/v1/openapi.json").json()


def test_every_operation_and_parameter_is_said_in_both_languages(description):
    operations = [path["get"] for path in description["paths"].values()]
    assert {operation["operationId"] for operation in operations} == set(OPERATIONS)
    assert {p["name"] for operation in operations for p in operation["parameters"]} == set(PARAMETERS)


def test_every_problem_is_described_where_it_can_come(description):
    described = {status for path in description["paths"].values() for status in path["get"]["responses"]}
    assert {str(problem.status) for problem in PROBLEMS.values()} - {"405"} <= described


def test_only_reading_is_described(description):
    assert {method for path in description["paths"].values() for method in path} == {"get"}


@pytest.fixture
def same_connection() -> Iterator[None]:
    """Requests do not end the test's transaction, as Django's own test client sees to as well."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(description, publication, places, same_connection, monkeypatch):
    """The description, ready to be asked from; the rate is high, so that it does not hide other answers."""
    monkeypatch.setattr("likvard.site.api.front.PUBLIC_RATE", Rate("address", 1_000_000, 1000.0))
    positive = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "400", "401", "403", "404"])
    checks = ChecksConfig(positive_data_acceptance=positive)  # 400: a cursor is of the right form and still not ours
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True, database="none")
    projects = ProjectsConfig(default=ProjectConfig(checks=checks, generation=generation))
    read = schemathesis.openapi.from_dict(description, config=SchemathesisConfig(projects=projects, seed=1))
    read.app = application
    return read


asked = schemathesis.pytest.from_fixture("schema")


@pytest.mark.django_db
@asked.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_is_as_described(case):
    case.call_and_validate()
