"""The values are loaded one file at a time, and found by the table that says which."""

from importlib import import_module

import pytest

from followupd.core import model


@pytest.mark.parametrize("part", model.PARTS)
def test_every_value_is_where_the_table_says(part: str) -> None:
    made = import_module(f"followupd.core.model.{part}")
    for name in model.PARTS[part].split():
        assert getattr(model, name) is vars(made)[name]


def test_the_table_has_every_value_and_no_other() -> None:
    names = [name for names in model.PARTS.values() for name in names.split()]
    assert sorted(names) == sorted(model.__all__)


def test_what_is_misspelt_is_told_as_python_does() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Contacts'"):
        exec("from followupd.core.model import Contacts")
