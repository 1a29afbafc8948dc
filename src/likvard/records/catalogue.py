"""The catalogue: one file that says which deliveries the lake holds. It is replaced whole, in one step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from likvard.records import durable
from likvard.records.delivery import Delivery, State, as_json, from_json
from likvard.records.durable import LakeError

FORMAT = 1
NAME = "catalogue.json"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every delivery ever made, in the order they came, each with its state. Nothing is taken out of it."""

    deliveries: tuple[Delivery, ...] = ()

    @property
    def active(self) -> tuple[Delivery, ...]:
        """The deliveries that are read."""
        return tuple(d for d in self.deliveries if d.state is State.ACTIVE)

    @property
    def version(self) -> str:
        """A hash of the active deliveries and their content. Undo an import, and the former version is back."""
        content = [[d.id, sorted((name, stored.sha256) for name, stored in d.tables.items())] for d in self.active]
        return hashlib.sha256(json.dumps([FORMAT, content]).encode()).hexdigest()

    def find(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id."""
        return next((d for d in self.deliveries if d.id == delivery_id), None)

    def standing(self, source: str, scope: str) -> Delivery | None:
        """The active delivery of a source and scope."""
        return next((d for d in self.active if d.place == (source, scope)), None)

    def adding(self, delivery: Delivery) -> Catalogue:
        """The catalogue with one more delivery, which replaces the one that stood in its place."""
        return with_states((*self.deliveries, delivery))

    def withdrawing(self, delivery_id: str, at: datetime, reason: str) -> Catalogue:
        """The catalogue with one delivery withdrawn; what stood in its place before stands there again."""
        return with_states(
            replace(d, withdrawn_at=at, withdrawn_reason=reason) if d.id == delivery_id else d for d in self.deliveries
        )


def with_states(deliveries: Iterable[Delivery]) -> Catalogue:
    """Give each delivery its state: withdrawn, active if it is the last in its place, else replaced."""
    listed = tuple(deliveries)
    last = {d.place: d.id for d in listed if d.withdrawn_at is None}
    return Catalogue(tuple(replace(d, state=_state(d, last)) for d in listed))


def _state(delivery: Delivery, last: Mapping[tuple[str, str], str]) -> State:
    if delivery.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.ACTIVE if last[delivery.place] == delivery.id else State.REPLACED


def save(root: Path, catalogue: Catalogue) -> None:
    """Replace the catalogue in the lake at `root`. Only for the holder of the writer's lock."""
    content = {"format": FORMAT, "deliveries": [as_json(d) for d in catalogue.deliveries]}
    durable.put(root / NAME, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def load(root: Path) -> Catalogue:
    """Read the catalogue of the lake at `root`. Raises `LakeError` if it is missing, broken or too new."""
    path = root / NAME
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise LakeError(
            f"There is no lake in {root}.", "Name the folder of a lake, or import a file into it."
        ) from None
    except ValueError:
        raise _broken(path, "it is not JSON") from None
    except OSError as error:
        raise LakeError(f"{path} cannot be read: {error.strerror}.", "See that the file is yours to read.") from None
    return _parse(path, content)


def _parse(path: Path, content: object) -> Catalogue:
    if not isinstance(content, dict) or not isinstance(content.get("format"), int):
        raise _broken(path, "it does not state its format")
    if content["format"] > FORMAT:
        raise LakeError(
            f"{path} has format {content['format']}; this version of Likvärd reads {FORMAT}.",
            "Install a newer Likvärd.",
        )
    try:
        catalogue = with_states(from_json(entry) for entry in content["deliveries"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken(path, f"an entry cannot be read ({error})") from None
    if len({d.id for d in catalogue.deliveries}) < len(catalogue.deliveries):
        raise _broken(path, "it lists the same delivery twice")
    return catalogue


def _broken(path: Path, why: str) -> LakeError:
    return LakeError(f"The catalogue {path} is damaged: {why}.", "Bring the file back from the latest backup.")
