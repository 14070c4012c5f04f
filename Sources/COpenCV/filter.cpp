#include <opencv2/imgproc.hpp>

#include "support.hpp"

namespace {

void check_kernel(int32_t count) { ocv::require(count > 0 && count % 2 == 1, "a kernel's length must be odd"); }

void check_border(int32_t border) {
    ocv::require(border >= OCV_BORDER_CONSTANT && border <= OCV_BORDER_REFLECT_101 && border != OCV_BORDER_WRAP,
                 "unsupported border for filtering");
}

void filter(const cv::Mat &source, cv::Mat &destination, const float *kernelX, int32_t countX, const float *kernelY,
            int32_t countY, int32_t border) {
    check_kernel(countX);
    check_kernel(countY);
    check_border(border);
    const cv::Mat x(1, countX, CV_32F, const_cast<float *>(kernelX));
    const cv::Mat y(countY, 1, CV_32F, const_cast<float *>(kernelY));
    cv::sepFilter2D(source, destination, source.depth(), x, y, cv::Point(-1, -1), 0, border);
}

}  // namespace

int32_t ocv_separable_filter(const OCVMat *mat, const float *kernelX, int32_t countX, const float *kernelY,
                             int32_t countY, int32_t border, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        cv::Mat result;
        filter(mat->mat, result, kernelX, countX, kernelY, countY, border);
        ocv::give(result, out);
    });
}

int32_t ocv_separable_filter_plane(const float *source, float *destination, int32_t rows, int32_t columns,
                                   const float *kernelX, int32_t countX, const float *kernelY, int32_t countY,
                                   int32_t border) {
    return ocv::guarded([&] {
        ocv::require(rows > 0 && columns > 0, "a plane needs at least one element");
        const cv::Mat input(rows, columns, CV_32F, const_cast<float *>(source));
        cv::Mat output(rows, columns, CV_32F, destination);
        filter(input, output, kernelX, countX, kernelY, countY, border);
        ocv::require(output.data == reinterpret_cast<uchar *>(destination), "OpenCV moved the result");
    });
}

int32_t ocv_gaussian_blur(const OCVMat *mat, int32_t width, int32_t height, double sigmaX, double sigmaY,
                          int32_t border, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        check_kernel(width);
        check_kernel(height);
        check_border(border);
        cv::Mat result;
        cv::GaussianBlur(mat->mat, result, cv::Size(width, height), sigmaX, sigmaY, border);
        ocv::give(result, out);
    });
}

int32_t ocv_box_blur(const OCVMat *mat, int32_t width, int32_t height, int32_t border, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(width > 0 && height > 0, "a kernel needs at least one element");
        check_border(border);
        cv::Mat result;
        cv::blur(mat->mat, result, cv::Size(width, height), cv::Point(-1, -1), border);
        ocv::give(result, out);
    });
}

int32_t ocv_median_blur(const OCVMat *mat, int32_t size, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        check_kernel(size);
        cv::Mat result;
        cv::medianBlur(mat->mat, result, size);
        ocv::give(result, out);
    });
}
