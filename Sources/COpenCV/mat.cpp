#include <opencv2/imgproc.hpp>

#include "support.hpp"

namespace {
thread_local std::string last_error;
}

void ocv::set_error(const char *message) noexcept {
    try {
        last_error = message;
    } catch (...) {
        last_error.clear();
    }
}

const char *ocv_last_error(void) { return last_error.c_str(); }

const char *ocv_version(void) { return CV_VERSION; }

int32_t ocv_set_threads(int32_t count) {
    return ocv::guarded([&] { cv::setNumThreads(count); });
}

int32_t ocv_mat_create(int32_t rows, int32_t columns, int32_t depth, int32_t channels, const void *bytes,
                       OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(rows > 0 && columns > 0, "an image needs at least one pixel");
        ocv::require(channels > 0 && channels <= CV_CN_MAX, "unsupported number of channels");
        ocv::require(depth == OCV_U8 || depth == OCV_U16 || depth == OCV_F32, "unsupported element type");
        const int type = CV_MAKETYPE(depth, channels);
        if (bytes == nullptr) {
            ocv::give(cv::Mat::zeros(rows, columns, type), out);
        } else {
            ocv::give(cv::Mat(rows, columns, type, const_cast<void *>(bytes)).clone(), out);
        }
    });
}

void ocv_mat_free(OCVMat *mat) { delete mat; }

int32_t ocv_mat_rows(const OCVMat *mat) { return mat->mat.rows; }
int32_t ocv_mat_columns(const OCVMat *mat) { return mat->mat.cols; }
int32_t ocv_mat_channels(const OCVMat *mat) { return mat->mat.channels(); }
int32_t ocv_mat_depth(const OCVMat *mat) { return mat->mat.depth(); }
const void *ocv_mat_bytes(const OCVMat *mat) { return mat->mat.data; }

int32_t ocv_mat_clone(const OCVMat *mat, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] { ocv::give(mat->mat.clone(), out); });
}

int32_t ocv_fill(OCVMat *mat, const double *color) {
    return ocv::guarded([&] { mat->mat.setTo(ocv::scalar(color)); });
}

int32_t ocv_mat_crop(const OCVMat *mat, int32_t x, int32_t y, int32_t width, int32_t height, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(x >= 0 && y >= 0 && width > 0 && height > 0 && int64_t(x) + width <= mat->mat.cols &&
                         int64_t(y) + height <= mat->mat.rows,
                     "the rectangle is not inside the image");
        ocv::give(mat->mat(cv::Rect(x, y, width, height)).clone(), out);
    });
}

int32_t ocv_mat_convert(const OCVMat *mat, int32_t depth, double scale, double shift, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(depth == OCV_U8 || depth == OCV_U16 || depth == OCV_F32, "unsupported element type");
        cv::Mat result;
        mat->mat.convertTo(result, depth, scale, shift);
        ocv::give(result, out);
    });
}

int32_t ocv_convert_color(const OCVMat *mat, int32_t code, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        cv::Mat result;
        cv::cvtColor(mat->mat, result, code);
        ocv::give(result, out);
    });
}

int32_t ocv_flip(const OCVMat *mat, int32_t horizontal, int32_t vertical, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        if (!horizontal && !vertical) {
            ocv::give(mat->mat.clone(), out);
            return;
        }
        cv::Mat result;
        cv::flip(mat->mat, result, horizontal ? (vertical ? -1 : 1) : 0);
        ocv::give(result, out);
    });
}

int32_t ocv_flip_part(const OCVMat *mat, int32_t x, int32_t y, int32_t width, int32_t height, int32_t horizontal,
                      int32_t vertical, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        const cv::Rect part(x, y, width, height);
        ocv::require(ocv::is_inside(part, mat->mat.size()), "the rectangle is not inside the image");
        ocv::give(ocv::mirrored_part(mat->mat, part, horizontal != 0, vertical != 0), out);
    });
}

int32_t ocv_split(const OCVMat *mat, void *planes) {
    return ocv::guarded([&] {
        std::vector<cv::Mat> targets;
        const size_t bytes = mat->mat.total() * mat->mat.elemSize1();
        for (int channel = 0; channel < mat->mat.channels(); ++channel) {
            targets.emplace_back(mat->mat.size(), CV_MAKETYPE(mat->mat.depth(), 1),
                                 static_cast<uint8_t *>(planes) + size_t(channel) * bytes);
        }
        cv::split(mat->mat, targets.data());
    });
}

int32_t ocv_lookup(const OCVMat *mat, const uint8_t *tables, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(mat->mat.depth() == CV_8U, "a table is for 8-bit values");
        cv::Mat result;
        cv::LUT(mat->mat, cv::Mat(1, 256, mat->mat.type(), const_cast<uint8_t *>(tables)), result);
        ocv::give(result, out);
    });
}

int32_t ocv_reorder_channels(const OCVMat *mat, const int32_t *order, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        std::vector<int> pairs;
        for (int channel = 0; channel < mat->mat.channels(); ++channel) {
            ocv::require(order[channel] >= 0 && order[channel] < mat->mat.channels(), "there is no such channel");
            pairs.push_back(order[channel]);
            pairs.push_back(channel);
        }
        cv::Mat result(mat->mat.size(), mat->mat.type());
        cv::mixChannels(&mat->mat, 1, &result, 1, pairs.data(), pairs.size() / 2);
        ocv::give(result, out);
    });
}

int32_t ocv_fill_rectangle(OCVMat *mat, int32_t x, int32_t y, int32_t width, int32_t height, const double *color) {
    return ocv::guarded([&] {
        const cv::Rect part = cv::Rect(x, y, width, height) & cv::Rect(cv::Point(), mat->mat.size());
        if (!part.empty()) mat->mat(part).setTo(ocv::scalar(color));
    });
}

int32_t ocv_pad(const OCVMat *mat, int32_t top, int32_t bottom, int32_t left, int32_t right, int32_t border,
                const double *value, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(top >= 0 && bottom >= 0 && left >= 0 && right >= 0, "padding must not be negative");
        cv::Mat result;
        cv::copyMakeBorder(mat->mat, result, top, bottom, left, right, border, ocv::scalar(value));
        ocv::give(result, out);
    });
}
