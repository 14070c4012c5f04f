# How each component gets from its wheel (or from a folder the user names) into .deps. Each is put together beside its
# place and renamed, so that what is in place is whole.

home_of() {
    case $1 in
        blazepose) echo "$deps/models/blazepose" ;;
        *) echo "$deps/$1" ;;
    esac
}

# install NEW NAME: puts the folder NEW in the place of component NAME.
install() {
    local home
    home=$(home_of "$2")
    mkdir -p "$(dirname "$home")"
    rm -rf "$home"
    mv "$1" "$home"
}

# workplace NAME: an empty folder to put component NAME together in.
workplace() {
    local folder=$deps/partial-$1
    rm -rf "$folder"
    mkdir -p "$folder"
    echo "$folder"
}

# Where a component comes from; recorded in its stamp, so that a change brings it again.
libtorch_source() { if [ -n "${LIBTORCH:-}" ]; then echo "LIBTORCH=$LIBTORCH"; else pins_of libtorch; fi; }
openvino_source() { if [ -n "${OPENVINO:-}" ]; then echo "OPENVINO=$OPENVINO"; else pins_of openvino; fi; }

bring_libtorch() {
    if [ -n "${LIBTORCH:-}" ]; then
        use_own_libtorch
        return
    fi
    if fetch_component libtorch; then
        unpack_libtorch libtorch
    elif [ -n "$(pins_of libtorch-cuda)" ]; then
        say "the package index offers no CPU build of torch: taking the CUDA build and the CUDA libraries it names"
        fetch_component libtorch-cuda || die "torch 2.13.0 cannot be fetched; see pip's message above"
        unpack_libtorch libtorch-cuda
    else
        die "torch 2.13.0 cannot be fetched; see pip's message above"
    fi
}

# Keeps libtorch_cpu, c10 and what they link to: Python bindings and GPU kernels are four fifths of the CUDA build.
unpack_libtorch() {
    local folder wheel
    folder=$(workplace libtorch)
    while read -r wheel; do
        case $wheel in
            */torch-*) unpack_torch "$wheel" "$folder" ;;
            */nvidia_*)
                unpack "$wheel" "$folder" 'nvidia/*/lib/libcu*.so*'
                # libtorch_cpu looks for them beside itself.
                mv "$folder"/nvidia/*/lib/libcu* "$folder/torch/lib/"
                ;;
        esac
    done < <(wheels_of "$1")
    install "$folder/torch" libtorch
    rm -rf "$folder"
    drop_wheels "$1"
}

unpack_torch() {
    unpack "$1" "$2" 'torch/include/*' 'torch/lib/libtorch_cpu.*' 'torch/lib/lib[cgo]*'
    rm -f "$2"/torch/lib/libc10_cuda* "$2"/torch/lib/libcaffe2*
}

use_own_libtorch() {
    local header=$LIBTORCH/include/torch/headeronly/version.h version library
    [ -f "$header" ] || die "LIBTORCH=$LIBTORCH holds no include/torch/headeronly/version.h (LibTorch $libtorch_version)"
    version=$(macro TORCH_VERSION_MAJOR "$header").$(macro TORCH_VERSION_MINOR "$header")
    [ "$version" = "$libtorch_version" ] ||
        die "LIBTORCH=$LIBTORCH is version $version; this package is built and tested with $libtorch_version"
    library=$(ls "$LIBTORCH"/lib/libtorch_cpu.so "$LIBTORCH"/lib/libtorch_cpu.dylib 2>/dev/null || true)
    [ -n "$library" ] || die "LIBTORCH=$LIBTORCH holds no lib/libtorch_cpu.so"
    rm -rf "$deps/libtorch"
    ln -s "$(cd "$LIBTORCH" && pwd)" "$deps/libtorch"
    say "libtorch: using $LIBTORCH"
}

bring_openvino() {
    if [ -n "${OPENVINO:-}" ]; then
        use_own_openvino
        return
    fi
    local folder wheel
    fetch_component openvino || die "openvino cannot be fetched; see pip's message above"
    wheel=$(wheels_of openvino)
    folder=$(workplace openvino)
    unpack "$wheel" "$folder" 'openvino/libs/*' 'openvino/include/*'
    mkdir "$folder/whole"
    mv "$folder/openvino/libs" "$folder/whole/lib"
    mv "$folder/openvino/include" "$folder/whole/include"
    link_openvino_c "$folder/whole/lib"
    install "$folder/whole" openvino
    rm -rf "$folder"
    drop_wheels openvino
}

# Wheels name libopenvino_c with its version only; the linker looks for the plain name.
link_openvino_c() {
    local name
    for name in "$1"/libopenvino_c.so.[0-9]* "$1"/libopenvino_c.[0-9]*.dylib; do
        case $name in
            *\**) ;;
            *.dylib) ln -sf "$(basename "$name")" "$1/libopenvino_c.dylib" ;;
            *) ln -sf "$(basename "$name")" "$1/libopenvino_c.so" ;;
        esac
    done
    [ -e "$1/libopenvino_c.so" ] || [ -e "$1/libopenvino_c.dylib" ] || die "OpenVINO: no libopenvino_c in $1"
}

use_own_openvino() {
    local include lib header version folder
    include=$(first_with openvino/c/openvino.h "$OPENVINO/include" "$OPENVINO/runtime/include")
    [ -n "$include" ] || die "OPENVINO=$OPENVINO holds no include/openvino/c/openvino.h"
    header=$include/openvino/core/version.hpp
    version=$(macro OPENVINO_VERSION_MAJOR "$header").$(macro OPENVINO_VERSION_MINOR "$header")
    [ "$version" = "$openvino_version" ] ||
        die "OPENVINO=$OPENVINO is version $version; this package is built and tested with $openvino_version"
    lib=$(first_with 'libopenvino_c.*' "$OPENVINO/lib" "$OPENVINO/libs" "$OPENVINO/runtime/lib/intel64" \
        "$OPENVINO/runtime/lib/arm64/Release" "$OPENVINO/runtime/lib/aarch64")
    [ -n "$lib" ] || die "OPENVINO=$OPENVINO holds no libopenvino_c"
    # A folder of links and not one link: the plain name is added beside the others, where plugins are looked for.
    folder=$(workplace openvino)
    mkdir "$folder/lib"
    ln -s "$lib"/* "$folder/lib/"
    ln -s "$include" "$folder/include"
    link_openvino_c "$folder/lib"
    install "$folder" openvino
    say "openvino: using $OPENVINO"
}

# first_with PATTERN FOLDER...: the first folder that holds it, as an absolute path.
first_with() {
    local pattern=$1 folder
    shift
    for folder in "$@"; do
        # shellcheck disable=SC2086 # PATTERN is to be expanded
        if (cd "$folder" 2>/dev/null && ls $pattern >/dev/null 2>&1); then
            (cd "$folder" && pwd)
            return
        fi
    done
}

# macro NAME HEADER: the number a C header defines NAME as.
macro() { awk -v name="$1" '$1 == "#define" && $2 == name { print $3 }' "$2"; }

bring_mmpose() {
    local folder
    fetch_component mmpose || die "mmpose cannot be fetched; see pip's message above"
    folder=$(workplace mmpose)
    unpack "$(wheels_of mmpose)" "$folder" 'mmpose/.mim/configs/*' 'mmpose/.mim/*.yml'
    install "$folder/mmpose/.mim" mmpose
    rm -rf "$folder"
    drop_wheels mmpose
}

bring_blazepose() {
    local folder
    fetch_component blazepose || die "mediapipe cannot be fetched; see pip's message above"
    folder=$(workplace blazepose)
    unpack "$(wheels_of blazepose)" "$folder" mediapipe/modules/pose_detection/pose_detection.tflite \
        mediapipe/modules/pose_landmark/pose_landmark_full.tflite
    mkdir "$folder/whole"
    mv "$folder"/mediapipe/modules/*/*.tflite "$folder/whole/"
    install "$folder/whole" blazepose
    rm -rf "$folder"
    drop_wheels blazepose
}

# A photo in the public domain (NASA), to try things on.
bring_samples() {
    local folder
    fetch_component samples || die "scikit-image cannot be fetched; see pip's message above"
    folder=$(workplace samples)
    unpack "$(wheels_of samples)" "$folder" skimage/data/astronaut.png
    install "$folder/skimage/data" samples
    rm -rf "$folder"
    drop_wheels samples
}
