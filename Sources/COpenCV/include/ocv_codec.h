#ifndef OCV_CODEC_H
#define OCV_CODEC_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

/// `cv::ImreadModes` that are of use here.
enum { OCV_DECODE_UNCHANGED = -1, OCV_DECODE_GRAY = 0, OCV_DECODE_COLOR = 1, OCV_DECODE_IGNORE_ORIENTATION = 128 };

/// Decodes a file held in memory. Fails when OpenCV cannot read it.
OCV_API int32_t ocv_decode(const uint8_t *bytes, size_t count, int32_t mode, OCVMat *_Nullable *_Nonnull out);

typedef struct OCVBytes {
    uint8_t *_Nullable bytes;
    size_t count;
} OCVBytes;

/// Encodes as the format of `extension` (".png", ".jpg"). `parameters` are pairs of `cv::ImwriteFlags` and value.
OCV_API int32_t ocv_encode(const OCVMat *mat, const char *extension, const int32_t *_Nullable parameters,
                           size_t parameterCount, OCVBytes *out);
OCV_API void ocv_bytes_free(OCVBytes bytes);

#pragma clang assume_nonnull end
#endif
