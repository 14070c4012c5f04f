# SwiftPM refuses packages with unsafe flags as dependencies but accepts include and library paths from pkg-config.

write_pkgconfig() {
    mkdir -p "$deps/pkgconfig"
    local torch_libraries="-ltorch_cpu -lc10"
    if [ -e "$deps/libtorch/lib/libtorch_cuda.so" ]; then
        torch_libraries="$torch_libraries -ltorch_cuda -lc10_cuda"
    fi
    # Paths relative to the file itself, so that the folder may be moved, and quoted, as it may have spaces in its name.
    write_when_changed swift-pose-libtorch "prefix=\${pcfiledir}/../libtorch
Name: swift-pose-libtorch
Description: LibTorch as brought by scripts/bootstrap
Version: $(version_of TORCH_VERSION "$deps/libtorch/include/torch/headeronly/version.h")
Cflags: -I\"\${prefix}/include\" -I\"\${prefix}/include/torch/csrc/api/include\"
Libs: -L\"\${prefix}/lib\" $torch_libraries"
    write_when_changed swift-pose-openvino "prefix=\${pcfiledir}/../openvino
Name: swift-pose-openvino
Description: OpenVINO C API as brought by scripts/bootstrap
Version: $(version_of OPENVINO_VERSION "$deps/openvino/include/openvino/core/version.hpp")
Cflags: -I\"\${prefix}/include\"
Libs: -L\"\${prefix}/lib\" -lopenvino_c"
    write_opencv_pkgconfig
}

write_opencv_pkgconfig() {
    local include jpeg cflags library_path=
    include=$(opencv_include)
    jpeg=$(jpeg_include)
    [ -n "$include" ] || die "no OpenCV 4 with core, imgproc, imgcodecs and videoio; set OPENCV to its prefix"
    [ -n "$jpeg" ] || die "no libjpeg-turbo with its jpeglib.h"
    cflags=-I$include
    # Folders outside the linker's own search path have to be named.
    case $include in
        /usr/include/*) ;;
        *) library_path="-L${include%/include*}/lib " ;;
    esac
    case $jpeg in
        /usr/include | "${include%/opencv4}") ;;
        *)
            cflags="$cflags -I$jpeg"
            library_path="$library_path-L${jpeg%/include}/lib "
            ;;
    esac
    write_when_changed swift-pose-opencv "Name: swift-pose-opencv
Description: OpenCV 4 modules that swift-pose uses, and libjpeg-turbo
Version: $(opencv_version "$include")
Cflags: $cflags
Libs: ${library_path}-lopencv_core -lopencv_imgproc -lopencv_imgcodecs -lopencv_videoio -ljpeg"
}

# version_of PREFIX HEADER: MAJOR.MINOR.PATCH as a C header defines them.
version_of() { echo "$(macro "$1_MAJOR" "$2").$(macro "$1_MINOR" "$2").$(macro "$1_PATCH" "$2")"; }

opencv_version() {
    local header=$1/opencv2/core/version.hpp
    echo "$(macro CV_VERSION_MAJOR "$header").$(macro CV_VERSION_MINOR "$header").$(macro CV_VERSION_REVISION "$header")"
}

# Leaves an unchanged file alone: a newer date would make SwiftPM plan the build again.
write_when_changed() {
    local file=$deps/pkgconfig/$1.pc
    [ -f "$file" ] && [ "$(cat "$file")" = "$2" ] && return
    printf '%s\n' "$2" >"$file"
}
