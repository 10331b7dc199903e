#!/bin/sh
# The table of BENCHMARKS.md by one command: the peers' environments (made once, in $PEERS), our program, the run.
#
#   perturbations/benches/run.sh [options of compare.py, e.g. --rounds 3 or --only rotate_5_degrees,rotate]
#
# It needs Python 3.10 and 3.11 (on the path or from pyenv) and, for medmnistc, the system's MagickWand 6 library. A peer whose
# environment cannot be made is left out; without the first, which also runs the script, there is nothing to compare. The
# figures stay in $PEERS/figures.json, of which page.py makes the page again. It takes some ten minutes; run it on a machine
# that does nothing else.
set -eu
cd "$(dirname "$0")/../.."
PEERS=${PEERS:-${TMPDIR:-/tmp}/bedside-peers}
HERE=perturbations/benches

# python VERSION: that Python. pyenv puts a command on the path for every version and runs only the chosen one.
python() {
    for command in "python$1" "$(pyenv root 2>/dev/null || true)"/versions/"$1".*/bin/python; do
        if "$command" -c '' 2>/dev/null; then
            echo "$command"
            return 0
        fi
    done
    echo "Python $1 is not here" >&2
    return 1
}

# environment NAME VERSION: pins from requirements-NAME.txt; medmnistc's own packages without what they depend on (torch).
environment() {
    [ -e "$PEERS/$1/made" ] && return 0
    python=$(python "$2") || return 1
    "$python" -m venv "$PEERS/$1" || return 1
    grep -v '^medmnist' "$HERE/requirements-$1.txt" > "$PEERS/$1/pins"
    "$PEERS/$1/bin/pip" -q install -r "$PEERS/$1/pins" || return 1
    grep '^medmnist' "$HERE/requirements-$1.txt" > "$PEERS/$1/bare" || true
    [ ! -s "$PEERS/$1/bare" ] || "$PEERS/$1/bin/pip" -q install --no-deps -r "$PEERS/$1/bare" || return 1
    touch "$PEERS/$1/made"
}

# with NAME VERSION PEER…: those peers, from that environment.
with() {
    name=$1
    environment "$1" "$2" || { echo "left out: $1" >&2; return 0; }
    shift 2
    for peer in "$@"; do echo "--peer $peer=$PEERS/$name/bin/python"; done
}

mkdir -p "$PEERS"
ARGS=$(
    with albumentations 3.11 albumentations opencv pillow
    with imagecorruptions 3.10 imagecorruptions
    with medmnistc 3.11 medmnistc
)
cargo bench -p bedside-perturbations --features bench --bench turns --no-run
OURS=$(ls -t "${CARGO_TARGET_DIR:-target}"/release/deps/turns-* | grep -v '\.d$' | head -n 1)
# shellcheck disable=SC2086
exec "$PEERS/albumentations/bin/python" -B $HERE/compare.py --ours "$OURS" --notes $HERE/notes.md \
    --raw "$PEERS/figures.json" --out perturbations/BENCHMARKS.md $ARGS "$@"
