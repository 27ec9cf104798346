"""What people write in a few words, as bodies bring it: bounded, and without what PostgreSQL cannot hold."""

from typing import Annotated

from pydantic import Field, StrictStr

MOST = 1000

Words = Annotated[StrictStr, Field(min_length=1, max_length=MOST, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Comment = Annotated[StrictStr, Field(max_length=MOST, pattern=r"^[^\x00]*$")]
