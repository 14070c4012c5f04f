#ifndef OCV_VIDEO_H
#define OCV_VIDEO_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

typedef struct OCVCapture OCVCapture;
typedef struct OCVWriter OCVWriter;

/// What the container says; zero where it does not say.
typedef struct OCVVideoInfo {
    double framesPerSecond;
    int64_t frameCount;
    int32_t width, height;
} OCVVideoInfo;

OCV_API int32_t ocv_capture_open(const char *path, OCVCapture *_Nullable *_Nonnull out);
OCV_API OCVVideoInfo ocv_capture_info(const OCVCapture *capture);
/// The next frame (B, G, R); `*out` stays null at the end of the stream.
OCV_API int32_t ocv_capture_read(OCVCapture *capture, OCVMat *_Nullable *_Nonnull out);
/// Seconds from the start to the frame read last; 0 where unknown.
OCV_API double ocv_capture_time(const OCVCapture *capture);
OCV_API void ocv_capture_free(OCVCapture *_Nullable capture);

/// `fourcc` is a codec code of four characters, "mp4v".
OCV_API int32_t ocv_writer_open(const char *path, const char *fourcc, double framesPerSecond, int32_t width,
                                int32_t height, OCVWriter *_Nullable *_Nonnull out);
OCV_API int32_t ocv_writer_write(OCVWriter *writer, const OCVMat *frame);
/// Finishes the file.
OCV_API void ocv_writer_free(OCVWriter *_Nullable writer);

#pragma clang assume_nonnull end
#endif
