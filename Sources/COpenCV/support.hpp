// What every file of this target shares: the handle, and the guard that turns exceptions into status codes.
#ifndef OCV_SUPPORT_HPP
#define OCV_SUPPORT_HPP

#include <opencv2/core.hpp>
#include <string>

#include "COpenCV.h"

struct OCVMat {
    cv::Mat mat;
};

namespace ocv {

void set_error(const char *message) noexcept;

/// Refuses an argument; caught by `guarded`.
inline void require(bool condition, const char *message) {
    if (!condition) throw std::invalid_argument(message);
}

/// Runs `body`; whatever it throws becomes the thread's error text and status 1.
template <typename Body>
int32_t guarded(Body &&body) noexcept {
    try {
        body();
        return 0;
    } catch (const cv::Exception &error) {
        set_error(error.err.c_str());
    } catch (const std::exception &error) {
        set_error(error.what());
    } catch (...) {
        set_error("unknown C++ exception");
    }
    return 1;
}

/// Hands a matrix to the caller; a view is copied so that rows follow one another without padding.
inline void give(cv::Mat mat, OCVMat **out) {
    require(!mat.empty() && mat.dims == 2, "the result is empty");
    *out = new OCVMat{mat.isContinuous() ? std::move(mat) : mat.clone()};
}

inline cv::Scalar scalar(const double *value) { return cv::Scalar(value[0], value[1], value[2], value[3]); }

inline bool is_inside(const cv::Rect &part, const cv::Size &size) {
    return part.x >= 0 && part.y >= 0 && part.width > 0 && part.height > 0 &&
           int64_t(part.x) + part.width <= size.width && int64_t(part.y) + part.height <= size.height;
}

/// Where a rectangle of an image is in its mirror image.
inline cv::Rect mirrored(const cv::Rect &part, const cv::Size &size, bool x, bool y) {
    return cv::Rect(x ? size.width - part.x - part.width : part.x, y ? size.height - part.y - part.height : part.y,
                    part.width, part.height);
}

/// One rectangle of the mirror image, in which it counts; what is outside of it is left undefined.
inline cv::Mat mirrored_part(const cv::Mat &image, const cv::Rect &part, bool x, bool y) {
    if (!x && !y) return image;
    // Memory that nothing writes to costs nothing.
    cv::Mat result(image.size(), image.type());
    cv::Mat target = result(part);
    cv::flip(image(mirrored(part, image.size(), x, y)), target, x ? (y ? -1 : 1) : 0);
    return result;
}

}  // namespace ocv

#endif
