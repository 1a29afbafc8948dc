"""Invented names. No municipality, school or organiser of the real Sweden is meant; a test compares with the real ones."""

from __future__ import annotations

import numpy as np

_TOWN_STARTS = (
    "Ek",
    "Mån",
    "Frost",
    "Silver",
    "Dimm",
    "Stjärn",
    "Glim",
    "Moln",
    "Vind",
    "Bär",
    "Korn",
    "Hägg",
    "Svan",
    "Trast",
    "Gull",
    "Kvist",
    "Regn",
    "Sipp",
    "Tätting",
    "Ugg",
)
_TOWN_ENDS = (
    "vik",
    "hult",
    "fors",
    "tofta",
    "rydal",
    "holma",
    "lunda",
    "ånge",
    "bygd",
    "sele",
    "köping",
    "berga",
    "stadal",
    "näset",
    "torpa",
    "märke",
)
_PLACE_STARTS = (
    "Blåsippe",
    "Daggkåpe",
    "Dimtopps",
    "Ejderduns",
    "Enbärs",
    "Fjäderlätt",
    "Frostglänt",
    "Gnistregn",
    "Grankotts",
    "Gräshopps",
    "Gökärts",
    "Harsyre",
    "Hjortrons",
    "Humlesurrs",
    "Igelkotts",
    "Junivinds",
    "Kattugle",
    "Klockljungs",
    "Kråkbärs",
    "Lavskrike",
    "Liljekonvalje",
    "Lommens",
    "Månskens",
    "Nattljus",
    "Norrskens",
    "Oktoberljus",
    "Pilfinks",
    "Prästkrage",
    "Regnbågs",
    "Rimfrost",
    "Smultron",
    "Snöstjärne",
    "Solkatts",
    "Stjärnfalls",
    "Svalörts",
    "Tordyvels",
    "Tranbärs",
    "Vattenspegel",
    "Vildkaprifol",
    "Åskmolns",
)
_PLACE_ENDS = (
    "backen",
    "bron",
    "bryggan",
    "dalen",
    "gläntan",
    "grinden",
    "hagen",
    "heden",
    "höjden",
    "kullen",
    "källan",
    "lunden",
    "mossen",
    "rondellen",
    "sluttningen",
    "stigen",
    "strömmen",
    "sundet",
    "torget",
    "udden",
    "vallen",
    "viken",
    "åsen",
    "ängen",
    "öarna",
)
_PLACES = len(_PLACE_STARTS) * len(_PLACE_ENDS)
_TRADES = ("Lärande AB", "Skolor AB", "Utbildning AB", "Skolstiftelse", "Kooperativ ekonomisk förening", "Pedagogik AB")


def town(index: int) -> str:
    """Name of municipality 0-289; 0 is Ekvik. Seven is prime to 320, so that every name comes once."""
    place = index * 7 % (len(_TOWN_STARTS) * len(_TOWN_ENDS))
    return _TOWN_STARTS[place % len(_TOWN_STARTS)] + _TOWN_ENDS[place // len(_TOWN_STARTS)]


def of(name: str) -> str:
    """The Swedish genitive."""
    return name if name[-1] in "sxz" else name + "s"


def places(rng: np.random.Generator, count: int) -> list[str]:
    """Return invented place names in definite form; they repeat only beyond the thousand there are."""
    order = [int(p) for p in rng.permutation(_PLACES)]
    return [_place(order[i % _PLACES]) for i in range(count)]


def _place(number: int) -> str:
    return _PLACE_STARTS[number % len(_PLACE_STARTS)] + _PLACE_ENDS[number // len(_PLACE_STARTS)]


def company(number: int) -> str:
    """Name of an independent organiser."""
    return f"{of(_place(number * 7 % _PLACES))} {_TRADES[number % len(_TRADES)]}"
