// OpenCV's header adds constants of different enumerations, which C++20 deprecates.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-anon-enum-enum-conversion"
#include <opencv2/videoio.hpp>
#pragma clang diagnostic pop

#include <opencv2/core/utils/logger.hpp>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>

#include "support.hpp"

namespace {

// What OpenCV and FFmpeg would print about a broken file comes back as an error. Their own variables bring it back.
void silence_libraries() {
    static std::once_flag once;
    std::call_once(once, [] {
        setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
        if (std::getenv("OPENCV_LOG_LEVEL") == nullptr) {
            cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        }
    });
}

}  // namespace

struct OCVCapture {
    cv::VideoCapture capture;
};

struct OCVWriter {
    cv::VideoWriter writer;
    cv::Size size;
};

int32_t ocv_capture_open(const char *path, OCVCapture **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        silence_libraries();
        auto handle = std::make_unique<OCVCapture>();
        ocv::require(handle->capture.open(path), "OpenCV cannot open this video");
        *out = handle.release();
    });
}

OCVVideoInfo ocv_capture_info(const OCVCapture *capture) {
    OCVVideoInfo info{0, 0, 0, 0};
    ocv::guarded([&] {
        const auto number = [&](int property, double most) {
            const double value = capture->capture.get(property);
            return std::isfinite(value) && value > 0 && value <= most ? value : 0;
        };
        info.framesPerSecond = number(cv::CAP_PROP_FPS, 1e6);
        info.frameCount = int64_t(number(cv::CAP_PROP_FRAME_COUNT, 1e15));
        info.width = int32_t(number(cv::CAP_PROP_FRAME_WIDTH, 1e6));
        info.height = int32_t(number(cv::CAP_PROP_FRAME_HEIGHT, 1e6));
    });
    return info;
}

int32_t ocv_capture_read(OCVCapture *capture, OCVMat **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        cv::Mat frame;
        // The capture reuses its buffer for the next frame, so that the caller's copy must be its own.
        if (capture->capture.read(frame) && !frame.empty()) ocv::give(frame.clone(), out);
    });
}

double ocv_capture_time(const OCVCapture *capture) {
    double seconds = 0;
    ocv::guarded([&] {
        const double value = capture->capture.get(cv::CAP_PROP_POS_MSEC) / 1000;
        if (std::isfinite(value) && value > 0) seconds = value;
    });
    return seconds;
}

void ocv_capture_free(OCVCapture *capture) {
    ocv::guarded([&] { delete capture; });
}

int32_t ocv_writer_open(const char *path, const char *fourcc, double framesPerSecond, int32_t width, int32_t height,
                        OCVWriter **out) {
    *out = nullptr;
    return ocv::guarded([&] {
        silence_libraries();
        ocv::require(std::strlen(fourcc) == 4, "a codec code has four characters");
        ocv::require(std::isfinite(framesPerSecond) && framesPerSecond > 0, "unsupported frame rate");
        ocv::require(width > 0 && height > 0, "a video needs at least one pixel");
        auto handle = std::make_unique<OCVWriter>();
        handle->size = cv::Size(width, height);
        const int code = cv::VideoWriter::fourcc(fourcc[0], fourcc[1], fourcc[2], fourcc[3]);
        ocv::require(handle->writer.open(path, code, framesPerSecond, handle->size, true),
                     "OpenCV cannot write this kind of video here");
        *out = handle.release();
    });
}

int32_t ocv_writer_write(OCVWriter *writer, const OCVMat *frame) {
    return ocv::guarded([&] {
        ocv::require(frame->mat.size() == writer->size && frame->mat.type() == CV_8UC3,
                     "a frame must be 8-bit B, G, R and of the video's size");
        writer->writer.write(frame->mat);
    });
}

void ocv_writer_free(OCVWriter *writer) {
    ocv::guarded([&] { delete writer; });
}
