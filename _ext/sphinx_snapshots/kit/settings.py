"""The settings of an extension: one frozen object, made from Sphinx's configuration.

Build and commands use the same object. What it is made from is checked before anything is read,
and a value that cannot be used stops the build with the name of the setting and what to write.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Never, Self, TypeVar

import msgspec
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config

_T = TypeVar("_T")


class Setting(NamedTuple):
    """What is known of a setting: see :func:`setting`."""

    default: object
    read: Callable[[object], object]
    rebuild: Literal["", "env", "html"]
    types: frozenset[type]


class Settings:
    """Base of a class whose attributes are made with :func:`setting`. Its objects never change.

    The attribute ``snapshot`` of a class with the prefix ``refstatus`` is ``refstatus_snapshot`` in
    ``conf.py``. It is no dataclass: one with so many fields takes a while to make, in each build.
    """

    prefix: ClassVar[str]

    def __init__(self, values: Mapping[str, object]) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{name}: settings do not change")

    @classmethod
    def known(cls) -> dict[str, Setting]:
        """All settings by name, without the prefix."""
        return {name: each for name, each in vars(cls).items() if isinstance(each, Setting)}

    @classmethod
    def of(cls, config: Config) -> Self:
        """The settings that ``config`` has.

        :raises ExtensionError: one cannot be used; the message says what to write.
        """
        values = {}
        for each, known in cls.known().items():
            name = f"{cls.prefix}_{each}"
            value = config[name]
            try:
                values[each] = known.read(value)
            except ValueError as error:
                raise ExtensionError(f"{name} is {value!r}; write {error}") from None
        return cls(values)

    @classmethod
    def defaults(cls) -> Self:
        """The settings of a site that says nothing."""
        return cls({name: each.read(each.default) for name, each in cls.known().items()})


def setting(
    default: object,
    read: Callable[[object], _T],
    rebuild: Literal["", "env", "html"] = "",
    *,
    types: tuple[type, ...] = (),
) -> _T:
    """An attribute of a class of settings.

    :param default: as in ``conf.py``.
    :param read: makes the value of what ``conf.py`` says; raises ``ValueError`` with what to write
        instead.
    :param rebuild: what a change of the setting makes old, as in Sphinx's ``add_config_value``.
    :param types: what a value in ``conf.py`` may be besides the type of the default.
    """
    # Sphinx needs to know them to read a value of the command line: -D refstatus_export=0
    known = frozenset({type(default), *types, *((tuple,) if isinstance(default, list) else ())})
    # The class has this, and each object the value.
    made: Any = Setting(default, read, rebuild, known)
    return made  # type: ignore[no-any-return]  # to be what the attribute is said to be


def add_settings(app: Sphinx, settings: type[Settings]) -> None:
    """Register the settings of an extension, and have them checked before anything else."""
    for name, each in settings.known().items():
        app.add_config_value(
            f"{settings.prefix}_{name}", each.default, each.rebuild, types=each.types
        )
    app.connect("config-inited", partial(_check, settings))


def _check(settings: type[Settings], app: Sphinx, config: Config) -> None:
    settings.of(config)


def read_as(
    kind: Any, advice: str, then: Callable[[Any], Any] = lambda value: value
) -> Callable[[object], Any]:
    """What reads a value that msgspec can make one of a type.

    :param advice: what to write instead of another one.
    :param then: makes the value of the field, which must not change, of that.
    """

    def read(value: object) -> Any:
        if _has_set(value):
            raise ValueError(advice)
        try:
            return then(msgspec.convert(value, kind))
        except msgspec.ValidationError:
            raise ValueError(advice) from None

    return read


def _has_set(value: object) -> bool:
    """Whether there is a set in a value: msgspec would take it for a list, in any order."""
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, set | frozenset) or (
        isinstance(value, list | tuple) and any(map(_has_set, value))
    )


#: A switch.
boolean: Callable[[object], bool] = read_as(bool, "True or False")
#: A path or a name.
text: Callable[[object], str] = read_as(str, "a string")
strings: Callable[[object], tuple[str, ...]] = read_as(tuple[str, ...], "a list of strings")


def one_of(*choices: str) -> Callable[[object], str]:
    """Read one of several words."""

    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(" or ".join(f'"{choice}"' for choice in choices))
        return str(value)

    return read
