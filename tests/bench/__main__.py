"""``python -m tests.bench [words]``: measure the rows whose name holds one of the words, or all: one table."""

import sys

from tests.bench.framework import heading, line, load_rows, measure


def main(words: list[str]) -> int:
    """0 when every budget was kept, 1 when one was not, 2 when no row has such a name."""
    rows = [row for row in load_rows() if not words or any(word in row.name for word in words)]
    if not rows:
        return 2
    print(heading(), flush=True)
    kept = True
    for row in rows:
        outcome = measure(row)
        print(line(outcome), flush=True)
        kept = kept and outcome.within()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
