// libjpeg decodes rows in order but may leave out what its caller does not want: the transform back of rows above, of
// columns at the sides, and everything below. It also says whether the data are damaged, which OpenCV keeps to itself.
#include <opencv2/core.hpp>

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>
#include <jerror.h>

#include "support.hpp"

namespace {

// Chroma between two samples is a mean of both, and a decoder that begins in the middle takes the first sample for the
// image's border. These many more pixels on every side keep that out of the rectangle.
constexpr int margin = 16;

struct Failure {
    jpeg_error_mgr manager;
    std::jmp_buf escape;
    // Warnings after which pixels are guesses; stray bytes between segments, which many cameras write, are none.
    int damages;
};

[[noreturn]] void leave(j_common_ptr decoder) { std::longjmp(reinterpret_cast<Failure *>(decoder->err)->escape, 1); }

// Whoever decodes the whole says what is wrong.
void keep_quiet(j_common_ptr) {}
void count_warning(j_common_ptr decoder, int level) {
    if (level >= 0) return;
    decoder->err->num_warnings += 1;
    switch (decoder->err->msg_code) {
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_MUST_RESYNC:
        case JWRN_JPEG_EOF:
            reinterpret_cast<Failure *>(decoder->err)->damages += 1;
    }
}

void prepare(jpeg_decompress_struct &decoder, Failure &failure) {
    decoder.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = leave;
    failure.manager.output_message = keep_quiet;
    failure.manager.emit_message = count_warning;
    failure.damages = 0;
}

bool is_partly_decodable(j_decompress_ptr decoder) {
    const bool color = decoder->jpeg_color_space == JCS_YCbCr && decoder->num_components == 3;
    const bool gray = decoder->jpeg_color_space == JCS_GRAYSCALE && decoder->num_components == 1;
    return (color || gray) && !jpeg_has_multiple_scans(decoder) && !decoder->arith_code && !decoder->progressive_mode &&
           decoder->data_precision == 8;
}

// Fills `part` of `image`. No object with a destructor lives here: errors of libjpeg leave by a jump.
bool decode(const uint8_t *bytes, size_t count, cv::Mat &image, const cv::Rect &part) {
    jpeg_decompress_struct decoder;
    Failure failure;
    prepare(decoder, failure);
    if (setjmp(failure.escape)) {
        jpeg_destroy_decompress(&decoder);
        return false;
    }
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, bytes, static_cast<unsigned long>(count));
    jpeg_read_header(&decoder, TRUE);
    if (!is_partly_decodable(&decoder) || int(decoder.image_width) != image.cols ||
        int(decoder.image_height) != image.rows) {
        jpeg_destroy_decompress(&decoder);
        return false;
    }
    decoder.out_color_space = JCS_EXT_BGR;
    jpeg_start_decompress(&decoder);
    JDIMENSION left = static_cast<JDIMENSION>(std::max(part.x - margin, 0));
    JDIMENSION width = static_cast<JDIMENSION>(std::min(part.x + part.width + margin, image.cols)) - left;
    jpeg_crop_scanline(&decoder, &left, &width);
    const int top = std::max(part.y - margin, 0), bottom = part.y + part.height;
    if (top > 0) jpeg_skip_scanlines(&decoder, static_cast<JDIMENSION>(top));
    for (int y = top; y < bottom;) {
        JSAMPROW row = image.ptr<uint8_t>(y) + 3 * left;
        y += int(jpeg_read_scanlines(&decoder, &row, 1));
    }
    const bool sound = failure.manager.num_warnings == 0;
    jpeg_destroy_decompress(&decoder);
    return sound;
}

enum class Outcome { decoded, damaged, refused };

// Fills all of `image`. Like `decode`, without objects that a jump would leave undestroyed.
Outcome decode_whole(const uint8_t *bytes, size_t count, cv::Mat &image) {
    jpeg_decompress_struct decoder;
    Failure failure;
    prepare(decoder, failure);
    // Volatile: what a jump back finds in other variables is undefined. OpenCV keeps the rows above a fatal error.
    volatile auto upon_error = Outcome::refused;
    if (setjmp(failure.escape)) {
        jpeg_destroy_decompress(&decoder);
        return upon_error;
    }
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, bytes, static_cast<unsigned long>(count));
    jpeg_read_header(&decoder, TRUE);
    const bool has_known_colors =
        decoder.jpeg_color_space == JCS_YCbCr || decoder.jpeg_color_space == JCS_GRAYSCALE;
    if (!has_known_colors || decoder.data_precision != 8 || int(decoder.image_width) != image.cols ||
        int(decoder.image_height) != image.rows) {
        jpeg_destroy_decompress(&decoder);
        return Outcome::refused;
    }
    decoder.out_color_space = JCS_EXT_BGR;
    jpeg_start_decompress(&decoder);
    upon_error = Outcome::damaged;
    while (decoder.output_scanline < decoder.output_height) {
        JSAMPROW row = image.ptr<uint8_t>(int(decoder.output_scanline));
        jpeg_read_scanlines(&decoder, &row, 1);
    }
    jpeg_finish_decompress(&decoder);
    const bool damaged = failure.damages > 0;
    jpeg_destroy_decompress(&decoder);
    return damaged ? Outcome::damaged : Outcome::decoded;
}

}  // namespace

int32_t ocv_jpeg_decode_part(const uint8_t *bytes, size_t count, int32_t imageWidth, int32_t imageHeight, int32_t x,
                             int32_t y, int32_t width, int32_t height, int32_t mirrorX, int32_t mirrorY,
                             OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        const cv::Size size(imageWidth, imageHeight);
        const cv::Rect part(x, y, width, height);
        ocv::require(ocv::is_inside(part, size), "the rectangle is not inside the image");
        cv::Mat image(size, CV_8UC3);
        if (!decode(bytes, count, image, ocv::mirrored(part, size, mirrorX != 0, mirrorY != 0))) return;
        ocv::give(ocv::mirrored_part(image, part, mirrorX != 0, mirrorY != 0), out);
    });
}

int32_t ocv_jpeg_decode(const uint8_t *bytes, size_t count, int32_t width, int32_t height, OCVMat **out,
                        int32_t *isDamaged) {
    *out = nullptr;
    *isDamaged = 0;
    return ocv::guarded([&] {
        ocv::require(width > 0 && height > 0, "the image has no pixels");
        cv::Mat image(height, width, CV_8UC3);
        const Outcome outcome = decode_whole(bytes, count, image);
        *isDamaged = outcome == Outcome::damaged;
        if (outcome == Outcome::decoded) ocv::give(image, out);
    });
}
