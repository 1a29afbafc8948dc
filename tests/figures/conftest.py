"""The invented report, for tests of figures."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from likvard.figures.report import Report


@pytest.fixture(scope="session")
def demo() -> ModuleType:
    """The maker of invented figures beside this file."""
    spec = importlib.util.spec_from_file_location("figures_demo", Path(__file__).with_name("demo.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def report(demo: ModuleType) -> Report:
    """The whole invented report."""
    made: Report = demo.report()
    return made
