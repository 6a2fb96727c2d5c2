"""Every error a user can cause or mend, named by what the caller can do about it.

::

    ShouceError
    ├── SourceUnreadable      the file must be mended, converted or left out
    │   ├── SourceTooLarge    a limit was passed: split the file or raise the limit
    │   └── ConverterMissing  install the named program or extra
    ├── NothingIndexed        ingest something first
    ├── NotThere              no such document, section or conversation
    ├── Ambiguous             name the document
    ├── IndexOutdated         rebuild the index (another model, a damaged file)
    ├── HomeBusy              another process is writing: wait, or stop it
    ├── HomeUnusable          the data directory cannot be read or written
    ├── ModelUnavailable      configure or install the model
    ├── SettingsInvalid       mend the settings file or variable
    ├── NothingToAsk      choose another topic, section or type of item
    ├── BlueprintInvalid  mend the blueprint of the paper
    ├── TargetUnwritable      write the result somewhere else
    ├── FormatUnknown         name a format that is known
    ├── NotAllowed            log in as the owner, or wait
    ├── EntryInvalid          what was typed cannot be kept: change it
    └── OptionalDependencyMissing  install the named extra

A message says what, where, and the command that fixes it, in one line of Chinese. Only the command line, the page and the
API catch, and only ``ShouceError``. Third-party exceptions are translated where the third party is called.
"""

from __future__ import annotations


class ShouceError(Exception):
    """Base of every expected failure; its text is one line for the user."""


class SourceUnreadable(ShouceError):
    """A source file cannot be read as what it claims to be."""


class SourceTooLarge(SourceUnreadable):
    """A source file passes a limit of size, pages or unpacked size."""


class ConverterMissing(SourceUnreadable):
    """A format needs a program that is not installed."""


class NothingIndexed(ShouceError):
    """The knowledge base is empty."""


class NotThere(ShouceError):
    """A document, section or conversation of that name does not exist."""


class Ambiguous(ShouceError):
    """A section number exists in several documents."""


class IndexOutdated(ShouceError):
    """The stored index belongs to another model or cannot be read."""


class HomeBusy(ShouceError):
    """Another process holds the data directory for writing."""


class HomeUnusable(ShouceError):
    """The data directory cannot be created, read or written."""


class ModelUnavailable(ShouceError):
    """A configured model cannot be loaded or reached."""


class SettingsInvalid(ShouceError):
    """A setting is unknown or out of range."""


class NothingToAsk(ShouceError):
    """A topic, section or document holds nothing that an exam item could ask."""


class BlueprintInvalid(ShouceError):
    """A blueprint of a paper cannot be read, or asks for what there is not."""


class TargetUnwritable(ShouceError):
    """A result cannot be written where it is wanted."""


class FormatUnknown(ShouceError):
    """There is no export or import format of that name."""


class NotAllowed(ShouceError):
    """Only the owner may do this, and the password was not theirs (or was tried too often)."""


class EntryInvalid(ShouceError):
    """What a person typed into a form cannot be kept as it is."""


class OptionalDependencyMissing(ShouceError):
    """An optional package is needed; the message names the extra."""
