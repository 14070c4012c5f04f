# What every script says, and how it stops.

# say MESSAGE: progress, on standard error, so that standard output stays free for results.
say() { printf 'swift-pose: %s\n' "$*" >&2; }

# die MESSAGE: what is wrong and how to put it right.
die() {
    printf 'swift-pose: error: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
