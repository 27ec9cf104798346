"""German dates and times, 24 hours; forms take what they show and ISO 8601."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i:s"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y H:i:s"
