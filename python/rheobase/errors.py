# SPDX-License-Identifier: Apache-2.0
"""What can go wrong. Every message reads "problem (reason). Hint." and is complete by itself.

A call that lacks an argument, or names one that does not exist, is Python's own TypeError; whatever an
argument holds, what is raised is an Error. Each class also derives from the built-in exception that Python
programs expect, and has a `code` that does not change between versions.
"""

from __future__ import annotations

from typing import ClassVar


class Error(Exception):
    """Any failure of Rheobase."""

    code: ClassVar[str] = "error"


class InvalidArgumentError(Error, ValueError):
    """A value is outside its documented range."""

    code: ClassVar[str] = "invalid_argument"


class WrongTypeError(InvalidArgumentError, TypeError):
    """A value is of a type that cannot stand there."""


class UnknownNameError(InvalidArgumentError, KeyError):
    """Nothing has that name."""

    __str__ = Exception.__str__  # a KeyError would put its text in quotes


class OutOfBoundsError(InvalidArgumentError, IndexError):
    """An index or id that does not exist."""


class InvalidFileError(Error, ValueError):
    """A file is damaged, of another format, or contradicts itself."""

    code: ClassVar[str] = "invalid_file"


class FileError(Error, OSError):
    """The operating system refused to read or write."""

    code: ClassVar[str] = "io"


class OutOfMemoryError(Error, MemoryError):
    """More memory would be needed than there is."""

    code: ClassVar[str] = "out_of_memory"


class OutOfRangeError(Error, OverflowError, ValueError):
    """A sum, count or size leaves the range that the arithmetic can hold."""

    code: ClassVar[str] = "out_of_range"


class UnavailableError(Error, RuntimeError):
    """A backend or feature cannot run on this machine."""

    code: ClassVar[str] = "unavailable"


class DeviceLostError(Error, RuntimeError):
    """A GPU went away while it was in use."""

    code: ClassVar[str] = "device_lost"


class DifferenceError(Error, AssertionError):
    """Two backends that must agree did not."""

    code: ClassVar[str] = "difference"


class InterruptedRunError(Error, RuntimeError):
    """The caller asked to stop."""

    code: ClassVar[str] = "interrupted"


#: by code, for the compiled module
by_code: dict[str, type[Error]] = {
    c.code: c
    for c in (
        InvalidArgumentError,
        InvalidFileError,
        FileError,
        OutOfMemoryError,
        OutOfRangeError,
        UnavailableError,
        DeviceLostError,
        DifferenceError,
        InterruptedRunError,
    )
}


def needs(module: str, extra: str) -> UnavailableError:
    """The error for a package that is not installed."""
    return UnavailableError(
        f"this needs {module} (it is not installed). Run `pip install rheobase[{extra}]`."
    )
