"""What the strip says of results and jobs, in words."""

import time

from app.ui.plain_text import one_line
from app.ui.strip.sources import RunningJob, StripEntry

PRACTICE = "practice"
"""The backend whose results are marked: they were made here, whatever endpoint they name."""


def short_name(endpoint: str) -> str:
    """An endpoint's id as a badge: the last two parts, which tell endpoints of one provider apart."""
    return one_line("/".join(endpoint.split("/")[-2:]), 80)


def minutes(seconds: float) -> str:
    """A duration as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def clock(created: float) -> str:
    """The local time of day, and the date when it is not today's."""
    then, now = time.localtime(created), time.localtime()
    today = (then.tm_year, then.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)


def entry_caption(entry: StripEntry, number: int) -> str:
    """The line beneath a thumbnail."""
    return f"{number} · {short_name(entry.endpoint)}"


def entry_name(entry: StripEntry, number: int) -> str:
    """The accessible name: "Result 3, local fill, seed 5, 12:04"."""
    parts = [f"Result {number}", short_name(entry.endpoint).replace("/", " ")]
    if entry.seed is not None:
        parts.append(f"seed {entry.seed}")
    parts.append(clock(entry.created))
    parts += [word for word, said in ((PRACTICE, is_practice(entry)), ("starred", entry.starred)) if said]
    return ", ".join(parts + [one_line(flag, 80) for flag in entry.flags])


def entry_tip(entry: StripEntry, number: int) -> str:
    """What a tool tip tells of a result; several lines of plain text."""
    seed = "not told" if entry.seed is None else str(entry.seed)
    lines = [
        f"Result {number}, {clock(entry.created)}",
        f"{one_line(entry.endpoint, 120)}, {one_line(entry.backend, 40)} backend",
        f"Seed {seed}, took {entry.seconds:.1f} s",
    ]
    if entry.cost is not None:
        lines.append(f"Cost ${entry.cost:.4f}".rstrip("0").rstrip("."))
    return "\n".join(lines + [one_line(flag) for flag in entry.flags])


def is_practice(of: StripEntry | RunningJob) -> bool:
    """Whether the practice backend made it, or makes it."""
    return of.backend == PRACTICE


def job_stage(job: RunningJob) -> str:
    """Where a job stands: its place in the queue, or its stage and how far it is."""
    if job.state == "sending":
        return "Sending"
    if job.state == "queued":
        return queue_words(job.position)
    stage = one_line(job.stage, 60)
    stage = stage[:1].upper() + stage[1:] if stage else "Running"
    return stage if job.fraction is None else f"{stage} {clamped(job.fraction):.0%}".replace("%", " %")


def queue_words(position: int | None) -> str:
    """A place in a provider's queue; ``position`` jobs are ahead."""
    if position is None:
        return "Queued"
    return "Next in the queue" if position <= 0 else f"Queued, {position} ahead"


def job_name(job: RunningJob) -> str:
    """The accessible name: "Running, local fill, Filling 40 %, 0:12"."""
    title = one_line(job.title, 80)
    return f"Running, {title}, {job_stage(job)}, {minutes(job.elapsed)}"


def clamped(fraction: float) -> float:
    """0 to 1, whatever a provider reports (not a number counts as 0)."""
    return min(1.0, max(0.0, fraction)) if fraction == fraction else 0.0
