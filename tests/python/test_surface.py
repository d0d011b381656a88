# SPDX-License-Identifier: Apache-2.0
"""Every public name is documented, and met by a test."""

import importlib.util
import inspect
import pathlib
import types

import pytest

import rheobase as rb
from rheobase import __main__ as command
from rheobase.compat import feagi

TESTS = "".join(
    p.read_text() for p in pathlib.Path(__file__).parent.glob("*.py") if p.name != "test_surface.py"
)


def names() -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    modules = [
        (rb, rb.__all__),
        (feagi, feagi.__all__),
        (rb.plot, dir(rb.plot)),
        (rb.encode, rb.encode.__all__),
        (rb.decode, rb.decode.__all__),
        *([(rb.gym, rb.gym.__all__)] if importlib.util.find_spec("gymnasium") else []),
    ]
    for module, listed in modules:
        for name in listed:
            thing = getattr(module, name)
            if name.startswith("_") or isinstance(thing, types.ModuleType):
                continue
            home = getattr(thing, "__module__", "")
            if not home.startswith("rheobase") or (module is rb.plot and home != "rheobase.plot"):
                continue
            found.append((name, thing))
            if inspect.isclass(thing) and not issubclass(thing, BaseException):
                for member, value in inspect.getmembers(thing):
                    function = value.fget if isinstance(value, property) else value
                    ours = str(getattr(function, "__module__", "")).startswith("rheobase")
                    if not member.startswith("_") and callable(function) and ours:
                        found.append((member, value))
    return found


@pytest.mark.parametrize("name", sorted({n for n, _ in names()}))
def test_name_is_met(name: str) -> None:
    assert name in TESTS, f"no test names {name}"


def test_the_command_says_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setattr(command, "__file__", str(tmp_path / "__main__.py"))  # a wheel has it
    with pytest.raises(rb.errors.UnavailableError, match="make build"):
        command.main()


@pytest.mark.parametrize("name", rb.__all__)
def test_name_is_documented(name: str) -> None:
    thing = getattr(rb, name)
    assert inspect.getdoc(thing)
