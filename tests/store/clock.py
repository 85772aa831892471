"""Time that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Clock:
    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def tick(self) -> datetime:
        """One second passes; the time it is then."""
        self.moment += timedelta(seconds=1)
        return self.moment
