#include <opencv2/imgcodecs.hpp>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <mutex>

#include "support.hpp"

namespace {

// OpenCV prints what its TIFF decoder throws, without the file's name, before it reports the failure; the caller says it
// with the name. Other formats are not affected, so that nobody's messages are kept back but while a TIFF is decoded.
class QuietErrorStream {
  public:
    QuietErrorStream() : lock(mutex), buffer(std::cerr.rdbuf(nullptr)) {}
    ~QuietErrorStream() {
        std::cerr.rdbuf(buffer);  // Also forgets that writing without a buffer failed.
    }

  private:
    static std::mutex mutex;
    std::lock_guard<std::mutex> lock;
    std::streambuf *buffer;
};

std::mutex QuietErrorStream::mutex;

bool is_tiff(const uint8_t *bytes, size_t count) {
    return count > 4 && (std::memcmp(bytes, "II", 2) == 0 || std::memcmp(bytes, "MM", 2) == 0);
}

cv::Mat decoded(const cv::Mat &buffer, int mode) {
    if (!is_tiff(buffer.data, buffer.total())) return cv::imdecode(buffer, mode);
    QuietErrorStream quiet;
    return cv::imdecode(buffer, mode);
}

}  // namespace

int32_t ocv_decode(const uint8_t *bytes, size_t count, int32_t mode, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        ocv::require(count > 0 && count <= size_t(INT32_MAX), "unsupported file size");
        const cv::Mat buffer(1, int(count), CV_8U, const_cast<uint8_t *>(bytes));
        cv::Mat result = decoded(buffer, mode);
        ocv::require(!result.empty(), "OpenCV cannot decode this data");
        ocv::give(result, out);
    });
}

int32_t ocv_encode(const OCVMat *mat, const char *extension, const int32_t *parameters, size_t parameterCount,
                   OCVBytes *out) {
    *out = OCVBytes{nullptr, 0};
    return ocv::guarded([&] {
        std::vector<uchar> bytes;
        const std::vector<int> options(parameters, parameters + parameterCount);
        ocv::require(cv::imencode(extension, mat->mat, bytes, options) && !bytes.empty(),
                     "OpenCV cannot encode this image");
        auto copy = static_cast<uint8_t *>(std::malloc(bytes.size()));
        ocv::require(copy != nullptr, "out of memory");
        std::memcpy(copy, bytes.data(), bytes.size());
        *out = OCVBytes{copy, bytes.size()};
    });
}

void ocv_bytes_free(OCVBytes bytes) { std::free(bytes.bytes); }
