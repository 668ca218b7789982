# The set-up that packaging/run and packaging/test share. Sourced, never run; POSIX sh.
# The one who sources it has set $root, the folder of the repository. All output goes to stderr.
#
# What it leaves in .venv besides the packages:
#   .lock             held with flock while one of the scripts changes anything
#   .unfinished       there from the first change to the last: whoever finds it makes everything anew
#   .run .test        copies of the lock files that are installed; equal to today's means nothing to do

# shellcheck disable=SC2154 # set by the one who sources this
venv=$root/.venv

python_packages='python3 python3-venv ca-certificates'
# What Qt's own libraries load even without a screen (they link the graphics libraries too).
offscreen_packages='libglib2.0-0 libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libxkbcommon0 libbrotli1'
# What the plugin for a window on X11 loads besides.
window_packages='libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
    libxcb-randr0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libx11-xcb1 libxkbcommon-x11-0'

say() {
    printf 'Mendbrush: %s\n' "$*" >&2
}

stop() {
    say "$@"
    exit 2
}

# --- system packages ---------------------------------------------------------------------------------------------

# A list of packages on one line, by the names of this system: Debian 13 and Ubuntu 24.04 renamed GLib's.
package_names() {
    if apt-cache show libglib2.0-0t64 >/dev/null 2>&1; then
        printf '%s' "$1" | tr -s ' \n' ' ' | sed 's/libglib2\.0-0/&t64/'
    else
        printf '%s' "$1" | tr -s ' \n' ' '
    fi
}

# Runs a command as root, or fails without asking for a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@" </dev/null
    else
        sudo -n "$@" </dev/null
    fi
}

may_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo && sudo -n true; } </dev/null >/dev/null 2>&1
}

# Runs apt-get; its output is shown only when it fails.
apt_get() {
    apt_output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" 2>&1) && return
    printf '%s\n' "$apt_output" >&2
    return 1
}

# Installs a list of packages, or prints the one line that does it and stops.
need_packages() {
    command -v apt-get >/dev/null 2>&1 ||
        stop "this system has no apt-get. Install, under its own names, what Debian calls: $(package_names "$1")"
    if may_be_root; then
        say 'installing system packages'
        apt_get update || stop 'apt-get could not read its package lists. Check the network, then run this again.'
        # shellcheck disable=SC2046 # a list of names
        apt_get install --yes --no-install-recommends $(package_names "$1") ||
            stop 'apt-get could not install the packages. What it said is above.'
    else
        say 'some system packages are missing. Install them with this line, then run this again:'
        echo "sudo apt-get install --no-install-recommends $(package_names "$1")" >&2
        exit 2
    fi
}

# What ldd says of Qt as far as $1, `offscreen` or `window`, loads it. In a subshell: it changes the folder.
ldd_of_qt() (
    cd -- "$venv"/lib/python3*/site-packages/PySide6/Qt || exit
    set -- "$1" lib/libQt6Widgets.so.6 plugins/platforms/libqoffscreen.so
    [ "$1" = offscreen ] || set -- "$@" plugins/platforms/libqxcb.so
    shift
    ldd "$@" 2>&1
)

# Whether some system library that Qt needs is missing. It takes 20 ms, so it is asked anew at every start.
qt_misses_libraries() {
    case $(ldd_of_qt "$1") in
    *'=> not found'*) return 0 ;;
    *) return 1 ;;
    esac
}

# Makes sure of the system libraries for $1, `offscreen` or `window`.
need_qt_libraries() {
    qt_misses_libraries "$1" || return 0
    if [ "$1" = offscreen ]; then
        need_packages "$offscreen_packages"
    else
        need_packages "$offscreen_packages $window_packages"
    fi
    if qt_misses_libraries "$1"; then
        ldd_of_qt "$1" | grep -F '=> not found' | sort -u >&2
        stop 'Qt still misses the libraries above. Install the packages that hold them, then run this again.'
    fi
}

# --- Python ------------------------------------------------------------------------------------------------------

# Sets $python to an interpreter of at least 3.11 that can make a virtual environment.
find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        # The real path: a later change of what `python3` means must not change what .venv runs.
        python=$("$name" -I -c '
import os, sys, venv, ensurepip
print(os.path.realpath(sys.executable)) if sys.version_info >= (3, 11) else sys.exit(1)' 2>/dev/null) && return
    done
    return 1
}

# Debian's Python trusts the system's certificates and no others.
has_certificates() {
    [ -n "${PIP_CERT:-}" ] || [ ! -d /etc/apt ] || [ -s /etc/ssl/certs/ca-certificates.crt ]
}

need_python() {
    if find_python && has_certificates; then
        return
    fi
    need_packages "$python_packages $offscreen_packages $window_packages"
    find_python || stop 'Python 3.11 or newer (with its venv) is needed, and this system offers none.'
}

# --- .venv -------------------------------------------------------------------------------------------------------

run_lock=$root/packaging/requirements.lock
test_lock=$root/packaging/requirements-test.lock

# Whether .venv holds what the lock of $1, `run` or `test`, asks for.
is_installed() {
    [ ! -e "$venv/.unfinished" ] && [ -x "$venv/bin/python" ] || return 1
    case $1 in
    run) cmp -s "$run_lock" "$venv/.run" ;;
    test) cmp -s "$test_lock" "$venv/.test" && cmp -s "$run_lock" "$venv/.run" ;;
    esac
}

# Waits until no other process sets up. The kernel lets go of the lock when its holder ends, however it ends.
take_turn() {
    { mkdir -p "$venv" && : >>"$venv/.lock"; } 2>/dev/null || stop "$venv cannot be written, and the packages go there."
    exec 9>>"$venv/.lock"
    if ! "$python" -I -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
        say 'waiting for another set-up to finish'
        "$python" -I -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    fi
}

install() {
    PIP_USER=0 "$venv/bin/python" -I -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: -r "$1" >&2 ||
        stop 'the packages could not be installed. What pip said is above; check the network, then run this again.'
}

# Anything but a whole installation of today's lock is thrown away: what is left is exactly what the lock says.
make_venv() {
    say "making .venv with $python"
    : >"$venv/.unfinished"
    find "$venv" -mindepth 1 -maxdepth 1 ! -name .lock ! -name .unfinished -exec rm -rf {} +
    "$python" -I -m venv "$venv" >&2 || stop "$python could not make $venv."
    say 'installing the locked packages (once; about 500 MB on disk)'
    install "$run_lock"
    cp "$run_lock" "$venv/.run"
}

add_test_tools() {
    say 'installing the locked test tools (once)'
    : >"$venv/.unfinished"
    install "$test_lock"
    cp "$test_lock" "$venv/.test"
}

# Makes .venv hold what the lock of $1, `run` or `test`, asks for.
need_venv() {
    is_installed "$1" && return
    need_python
    take_turn
    # Somebody else may have done it while we waited.
    is_installed run || make_venv
    if [ "$1" = test ] && ! is_installed test; then
        add_test_tools
    fi
    rm -f "$venv/.unfinished"
    exec 9>&-
}
