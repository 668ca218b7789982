"""Jobs and results to test with."""

from app.core.geometry import Box
from app.core.request import BlendSettings
from app.store.records import Entry, JobRecord, State

NO_FILE = "0" * 64


def job(job_id: str, created: float = 1.0, state: State = "sending", digest: str = NO_FILE) -> JobRecord:
    """A job of one crop."""
    return JobRecord(
        id=job_id,
        created=created,
        endpoint="practice/fill",
        backend="practice",
        values={"prompt": "ein Stück Himmel\n\udc80", "strength": 0.5, "loras": [{"path": "x"}]},
        seed=7,
        blend=BlendSettings(grow=4, feather=2.5),
        picture=digest,
        picture_size=(40, 30),
        base=(),
        mask=digest,
        boxes=(Box(1, 2, 3, 4),),
        state=state,
    )


def entry(
    entry_id: str, job_id: str = "j", index: int = 0, created: float = 1.0, digest: str = NO_FILE, picture: str = ""
) -> Entry:
    """A result of one patch."""
    return Entry(
        id=entry_id,
        job=job_id,
        index=index,
        created=created,
        seconds=2.5,
        endpoint="practice/fill",
        backend="practice",
        values={"prompt": "sky"},
        seed=7,
        blend=BlendSettings(),
        picture=picture or digest,
        picture_size=(40, 30),
        base=(),
        mask=digest,
        patches=((Box(1, 2, 3, 4), digest),),
        thumbnail="",
        cost=0.04,
        flags=("nsfw",),
    )
