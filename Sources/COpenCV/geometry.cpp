#include <opencv2/imgproc.hpp>

#include <cmath>

#include "support.hpp"

namespace {

void check_warp(const double *matrix, int count, int32_t width, int32_t height, int32_t interpolation, int32_t border) {
    for (int i = 0; i < count; ++i) ocv::require(std::isfinite(matrix[i]), "the matrix has a value that is not finite");
    // cv::remap addresses its result with 16-bit coordinates.
    ocv::require(width > 0 && height > 0 && width < INT16_MAX && height < INT16_MAX, "unsupported size of the result");
    ocv::require(interpolation >= OCV_NEAREST && interpolation <= OCV_LANCZOS4 && interpolation != OCV_AREA,
                 "unsupported interpolation for warping");
    ocv::require(border >= OCV_BORDER_CONSTANT && border <= OCV_BORDER_REFLECT_101, "unsupported border");
}

}  // namespace

int32_t ocv_warp_affine(const OCVMat *mat, const double *matrix, int32_t inverseMap, int32_t width, int32_t height,
                        int32_t interpolation, int32_t border, const double *value, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        check_warp(matrix, 6, width, height, interpolation, border);
        cv::Mat result;
        cv::warpAffine(mat->mat, result, cv::Mat(2, 3, CV_64F, const_cast<double *>(matrix)), cv::Size(width, height),
                       interpolation | (inverseMap ? cv::WARP_INVERSE_MAP : 0), border, ocv::scalar(value));
        ocv::give(result, out);
    });
}

int32_t ocv_warp_perspective(const OCVMat *mat, const double *matrix, int32_t inverseMap, int32_t width,
                             int32_t height, int32_t interpolation, int32_t border, const double *value,
                             OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        check_warp(matrix, 9, width, height, interpolation, border);
        cv::Mat result;
        cv::warpPerspective(mat->mat, result, cv::Mat(3, 3, CV_64F, const_cast<double *>(matrix)),
                            cv::Size(width, height), interpolation | (inverseMap ? cv::WARP_INVERSE_MAP : 0), border,
                            ocv::scalar(value));
        ocv::give(result, out);
    });
}

int32_t ocv_resize(const OCVMat *mat, int32_t width, int32_t height, int32_t interpolation, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(width > 0 && height > 0, "unsupported size of the result");
        ocv::require(interpolation >= OCV_NEAREST && interpolation <= OCV_NEAREST_EXACT, "unknown interpolation");
        cv::Mat result;
        cv::resize(mat->mat, result, cv::Size(width, height), 0, 0, interpolation);
        ocv::give(result, out);
    });
}
