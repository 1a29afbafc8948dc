"""What waits for this reader, from the matters that they work with."""

from __future__ import annotations

from django.http import HttpRequest


def open_matters(request, organiser):
    return {}


def waiting(request):
    return ()


def matters_of(request, unit):
    return None
