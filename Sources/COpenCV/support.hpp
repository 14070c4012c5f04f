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

}  // namespace ocv

#endif
