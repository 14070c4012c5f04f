# Wheels from the Python package index: fetched by pip (nothing is installed), checked against scripts/dependencies.tsv.

# pins_of COMPONENT: its rows for this system, as `requirement platform file sha256`.
pins_of() {
    awk -v component="$1" -v here="$system" \
        '$1 == component && ($2 == here || $2 == "any") { print $3, $4, $5, $6 }' "$pins"
}

sha256_of() {
    if has sha256sum; then sha256sum "$1" | cut -d' ' -f1; else shasum -a 256 "$1" | cut -d' ' -f1; fi
}

# fetch_component COMPONENT: fetches every wheel of it; fails when the index does not have one.
fetch_component() {
    local requirement platform file sha256
    [ -n "$(pins_of "$1")" ] || return 1
    while read -r requirement platform file sha256; do
        fetch_wheel "$requirement" "$platform" "$file" "$sha256" </dev/null || return 1
    done < <(pins_of "$1")
}

# fetch_wheel REQUIREMENT PLATFORM FILE SHA256: leaves the checked wheel at .deps/downloads/FILE. A wheel that is there
# was checked before it got that name. Fails when the index does not have it; a wrong hash ends the script.
fetch_wheel() {
    local requirement=$1 platform=$2 file=$3 expected=$4
    local partial=$deps/downloads/partial actual
    [ -f "$deps/downloads/$file" ] && return
    mkdir -p "$partial"
    say "fetching $file"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --python-version 3.11 --implementation cp --platform "$platform" --dest "$partial" "$requirement" >&2 ||
        return 1
    [ -f "$partial/$file" ] || die "$requirement: the index gave another file than $file: $(ls "$partial")"
    actual=$(sha256_of "$partial/$file")
    if [ "$actual" != "$expected" ]; then
        rm -f "$partial/$file"
        die "$file: SHA-256 is $actual, expected $expected (scripts/dependencies.tsv); nothing of it was used"
    fi
    mv "$partial/$file" "$deps/downloads/$file"
}

# wheels_of COMPONENT: paths of its fetched wheels.
wheels_of() {
    pins_of "$1" | while read -r _ _ file _; do echo "$deps/downloads/$file"; done
}

# drop_wheels COMPONENT: what was unpacked is not kept twice.
drop_wheels() {
    wheels_of "$1" | while read -r wheel; do rm -f "$wheel"; done
}

# unpack WHEEL FOLDER PATTERN...: extracts the members that match.
unpack() {
    local wheel=$1 folder=$2
    shift 2
    mkdir -p "$folder"
    unzip -q -o -d "$folder" "$wheel" "$@" || die "$wheel cannot be unpacked; delete it and start again"
}
