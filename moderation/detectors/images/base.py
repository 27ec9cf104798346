"""Step 3 for images, the contract: what goes into an image detector and what it answers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from moderation.detectors.base import Detection

if TYPE_CHECKING:
    from moderation.detectors.images.decode import Picture


class ImageDetector(ABC):
    """Code that looks at pictures. One file a detector, built once a process, one picture at a time.

    As with text, ``detect`` must not change the detector's own state: a call that was given up may still run.
    """

    name: ClassVar[str]
    version: str
    categories: frozenset[str]

    @classmethod
    @abstractmethod
    def build(cls, options: Mapping[str, Any]) -> Self:
        """A detector ready for work, its model not loaded yet. Raises DetectorConfigError."""

    @abstractmethod
    def detect(self, picture: "Picture") -> Sequence[Detection]:
        """What shows in the picture; a category of ``categories`` that is left out reads as 0. Raises on failure."""


@dataclass(frozen=True, slots=True)
class ImageReport:
    """Everything the image detectors say of one picture, in the terms of DetectionReport."""

    scores: dict[str, float] = field(default_factory=dict)
    unavailable: frozenset[str] = frozenset()
    failures: dict[str, str] = field(default_factory=dict)
