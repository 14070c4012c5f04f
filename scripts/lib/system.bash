# What is needed of the machine itself: tools, a C++ standard library, OpenCV and libjpeg-turbo, from Debian's packages or Homebrew.

detect_system() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo linux-x86_64 ;;
        Darwin-arm64) echo macos-arm64 ;;
        *)
            if [ -n "${LIBTORCH:-}" ] && [ -n "${OPENVINO:-}" ]; then
                echo other
            else
                die "no pinned LibTorch and OpenVINO for $(uname -s) on $(uname -m);" \
                    "set LIBTORCH and OPENVINO to unpacked copies and run again"
            fi
            ;;
    esac
}

warn_when_disk_is_short() {
    [ -e "$deps/stamps/libtorch" ] && return
    local free_kilobytes
    free_kilobytes=$(df -Pk "$deps" | awk 'NR == 2 { print $4 }')
    if [ "$free_kilobytes" -lt 4000000 ]; then
        say "only $((free_kilobytes / 1000)) MB free for $deps; fetching and building need about 4 GB"
    fi
}

# Prints the folder that holds opencv2/core.hpp, or nothing.
opencv_include() {
    local prefix folder
    for prefix in "${OPENCV:-}" /usr /usr/local /opt/homebrew /opt/homebrew/opt/opencv; do
        [ -n "$prefix" ] || continue
        for folder in "$prefix/include/opencv4" "$prefix/include"; do
            if [ -f "$folder/opencv2/core.hpp" ] && [ -f "$folder/opencv2/imgproc.hpp" ] &&
                [ -f "$folder/opencv2/imgcodecs.hpp" ] && [ -f "$folder/opencv2/videoio.hpp" ]; then
                echo "$folder"
                return
            fi
        done
    done
}

# Prints the folder that holds libjpeg-turbo's jpeglib.h, or nothing. OpenCV decodes with it; decoding only a part of an
# image takes its own interface.
jpeg_include() {
    local folder
    for folder in "${OPENCV:-/usr}/include" /usr/include /usr/local/include /opt/homebrew/include \
        /opt/homebrew/opt/jpeg-turbo/include; do
        if grep -qs jpeg_skip_scanlines "$folder/jpeglib.h"; then
            echo "$folder"
            return
        fi
    done
}

has_pip() { has python3 && python3 -m pip --version >/dev/null 2>&1; }
has_cxx_library() { has g++ || [ "$(uname -s)" = Darwin ]; }
has_certificates() { [ -e /etc/ssl/certs/ca-certificates.crt ] || [ "$(uname -s)" = Darwin ]; }

# Prints the Debian packages that are missing, one a line.
missing_debian_packages() {
    has make || echo make
    has unzip || echo unzip
    has git || echo git
    has pkg-config || echo pkg-config
    has_certificates || echo ca-certificates
    has_cxx_library || echo g++
    has python3 || echo python3
    has_pip || echo python3-pip
    [ -n "$(opencv_include)" ] ||
        printf '%s\n' libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libopencv-videoio-dev
    [ -n "$(jpeg_include)" ] || echo libjpeg-dev
}

# Prints the Homebrew formulae that are missing, one a line.
missing_homebrew_formulae() {
    has_pip || echo python
    [ -n "$(opencv_include)" ] || echo opencv
    [ -n "$(jpeg_include)" ] || echo jpeg-turbo
}

install_system_packages() {
    has swift || say "no swift on the PATH: install Swift 6.1 or later from https://www.swift.org/install"
    if [ "$(uname -s)" = Darwin ]; then
        install_with_homebrew
    else
        install_with_apt
    fi
}

install_with_apt() {
    local missing sudo=
    missing=$(missing_debian_packages | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    has apt-get || die "install with this system's package manager what Debian calls: $missing"
    if [ "$(id -u)" -ne 0 ]; then
        # Without a terminal nobody can type a password.
        if has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            sudo=sudo
        else
            die "run as root, then start again: apt-get install -y $missing"
        fi
    fi
    say "installing Debian packages: $missing"
    $sudo apt-get update -qq >&2
    # shellcheck disable=SC2086 # a list of names
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

install_with_homebrew() {
    local missing
    missing=$(missing_homebrew_formulae | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    has brew || die "install Homebrew (https://brew.sh), then start again; needed: $missing"
    say "installing with Homebrew: $missing"
    # shellcheck disable=SC2086 # a list of names
    brew install $missing >&2
}
