"""Name every way in which the package can refuse to go on.

Doubt is a result, never an error: a name that cannot be resolved gives a resolution of ``None`` with a
reason. Errors are for misuse and for broken input. Each message says what was given, what was expected
and what to do about it.
"""

from __future__ import annotations


class GeoError(Exception):
    """Be the common ancestor of every error this package raises on purpose."""


class GazetteerError(GeoError):
    """Report that a gazetteer artefact is missing, damaged or of another schema version."""


class InputError(GeoError, ValueError):
    """Report input that cannot be read: the message names the file, row or offset."""


class RuleError(GeoError):
    """Report a rule table that does not hold what its schema asks for."""


class MissingExtraError(GeoError, ImportError):
    """Report that an optional dependency is needed, and name the extra that installs it."""
