"""From NumPy to the declared Arrow tables, without a Python object per row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from likvard.records.schema import TABLES
from likvard.simulate.streams import Flags, Keys

_LETTER_A = 97


def texts(words: Sequence[str], index: npt.NDArray[np.integer]) -> pa.Array:
    """Return `words[index]`; a negative index gives null."""
    codes = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string())).cast(pa.string())


def same(value: object, rows: int, type: pa.DataType | None = None) -> pa.Array:
    """Return a column of one value."""
    return pa.repeat(pa.scalar(value, type or pa.string()), rows)


def numbers(values: npt.NDArray[np.generic], type: pa.DataType, missing: Flags | None = None) -> pa.Array:
    """Return a column of numbers, null where `missing`."""
    if pa.types.is_date32(type):
        return pa.array(values.astype("datetime64[D]").astype(np.int32), pa.int32(), mask=missing).cast(type)
    return pa.array(values.astype(type.to_pandas_dtype(), copy=False), type, mask=missing)


def pseudonyms(keys: Keys) -> pa.Array:
    """Return sixteen letters for each key, in the keys' order. Without a digit none can look like a personal number."""
    octets = keys.astype(">u8").view(np.uint8).reshape(-1, 8)
    letters = np.empty((len(keys), 16), np.uint8)
    letters[:, 0::2] = (octets >> 4) + _LETTER_A
    letters[:, 1::2] = (octets & 15) + _LETTER_A
    ends = np.arange(0, 16 * len(keys) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(keys), pa.py_buffer(ends), pa.py_buffer(letters))


def declared(name: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return the declared table of that name; columns that are not given are null.

    Raises `KeyError` for a column that is not declared, and Arrow's errors for one of another type or length.
    """
    schema = TABLES[name].arrow
    unknown = columns.keys() - set(schema.names)
    if unknown:
        raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
    rows = len(next(iter(columns.values())))
    return pa.table([columns.get(f.name, pa.nulls(rows, f.type)) for f in schema], schema=schema)


def empty(name: str) -> pa.Table:
    """Return the declared table of that name without rows."""
    return TABLES[name].arrow.empty_table()


def joined(name: str, parts: Sequence[pa.Table]) -> pa.Table:
    """Return the parts below one another, without copying."""
    return pa.concat_tables([p for p in parts if p.num_rows] or [empty(name)])
