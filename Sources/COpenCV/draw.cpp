#include <opencv2/imgproc.hpp>

#include <cmath>

#include "support.hpp"

namespace {

/// OpenCV draws at fractions of a pixel when points are given as integers times 2^shift.
constexpr int shift = 4;
constexpr double limit = 1e6;

int fixed(double value) {
    ocv::require(std::isfinite(value) && std::abs(value) <= limit, "a coordinate is out of range");
    return cvRound(value * (1 << shift));
}

cv::Point point(const double *xy) { return cv::Point(fixed(xy[0]), fixed(xy[1])); }

std::vector<cv::Point> points(const double *xy, size_t count) {
    std::vector<cv::Point> result;
    result.reserve(count);
    for (size_t i = 0; i < count; ++i) result.push_back(point(xy + 2 * i));
    return result;
}

int checked(int32_t thickness) {
    ocv::require(thickness != 0 && thickness <= 32767, "unsupported thickness");
    return thickness < 0 ? cv::FILLED : thickness;
}

}  // namespace

int32_t ocv_draw_line(OCVMat *mat, const double *from, const double *to, const double *color, int32_t thickness) {
    return ocv::guarded([&] {
        ocv::require(thickness > 0 && thickness <= 32767, "unsupported thickness");
        cv::line(mat->mat, point(from), point(to), ocv::scalar(color), thickness, cv::LINE_AA, shift);
    });
}

int32_t ocv_draw_circle(OCVMat *mat, const double *center, double radius, const double *color, int32_t thickness) {
    return ocv::guarded([&] {
        ocv::require(radius >= 0, "a radius must not be negative");
        cv::circle(mat->mat, point(center), fixed(radius), ocv::scalar(color), checked(thickness), cv::LINE_AA, shift);
    });
}

int32_t ocv_draw_ellipse(OCVMat *mat, const double *center, const double *axes, double angle, const double *color,
                         int32_t thickness) {
    return ocv::guarded([&] {
        ocv::require(axes[0] >= 0 && axes[1] >= 0 && std::isfinite(angle), "unsupported ellipse");
        cv::ellipse(mat->mat, point(center), cv::Size(fixed(axes[0]), fixed(axes[1])), std::fmod(angle, 360.0), 0, 360,
                    ocv::scalar(color), checked(thickness), cv::LINE_AA, shift);
    });
}

int32_t ocv_draw_polyline(OCVMat *mat, const double *xy, size_t count, int32_t closed, const double *color,
                          int32_t thickness) {
    return ocv::guarded([&] {
        ocv::require(thickness > 0 && thickness <= 32767, "unsupported thickness");
        if (count == 0) return;
        cv::polylines(mat->mat, points(xy, count), closed != 0, ocv::scalar(color), thickness, cv::LINE_AA, shift);
    });
}

int32_t ocv_fill_convex(OCVMat *mat, const double *xy, size_t count, const double *color) {
    return ocv::guarded([&] {
        if (count < 3) return;
        cv::fillConvexPoly(mat->mat, points(xy, count), ocv::scalar(color), cv::LINE_AA, shift);
    });
}

int32_t ocv_fill_polygons(OCVMat *mat, const double *xy, const size_t *counts, size_t contours, const double *color,
                          int32_t antialiased) {
    return ocv::guarded([&] {
        std::vector<std::vector<cv::Point>> polygons;
        for (size_t i = 0; i < contours; ++i) {
            if (counts[i] > 0) polygons.push_back(points(xy, counts[i]));
            xy += 2 * counts[i];
        }
        if (polygons.empty()) return;
        cv::fillPoly(mat->mat, polygons, ocv::scalar(color), antialiased ? cv::LINE_AA : cv::LINE_8, shift);
    });
}

int32_t ocv_text_size(const char *text, double scale, int32_t thickness, OCVTextSize *out) {
    *out = OCVTextSize{0, 0, 0};
    return ocv::guarded([&] {
        ocv::require(std::isfinite(scale) && scale > 0 && thickness > 0 && thickness <= 255, "unsupported text size");
        int baseline = 0;
        const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness, &baseline);
        *out = OCVTextSize{size.width, size.height, baseline};
    });
}

int32_t ocv_draw_text(OCVMat *mat, const char *text, const double *origin, double scale, const double *color,
                      int32_t thickness) {
    return ocv::guarded([&] {
        ocv::require(std::isfinite(scale) && scale > 0 && thickness > 0 && thickness <= 255, "unsupported text size");
        ocv::require(std::abs(origin[0]) <= limit && std::abs(origin[1]) <= limit, "a coordinate is out of range");
        cv::putText(mat->mat, text, cv::Point(cvRound(origin[0]), cvRound(origin[1])), cv::FONT_HERSHEY_SIMPLEX, scale,
                    ocv::scalar(color), thickness, cv::LINE_AA);
    });
}

int32_t ocv_blend(OCVMat *mat, const OCVMat *overlay, int32_t x, int32_t y, double alpha) {
    return ocv::guarded([&] {
        const cv::Mat &top = overlay->mat;
        ocv::require(alpha >= 0 && alpha <= 1, "alpha must lie between 0 and 1");
        ocv::require(top.type() == mat->mat.type(), "the overlay has another element type or number of channels");
        ocv::require(x >= 0 && y >= 0 && int64_t(x) + top.cols <= mat->mat.cols && int64_t(y) + top.rows <= mat->mat.rows,
                     "the overlay is not inside the image");
        cv::Mat region = mat->mat(cv::Rect(x, y, top.cols, top.rows));
        cv::addWeighted(region, 1 - alpha, top, alpha, 0, region);
    });
}
