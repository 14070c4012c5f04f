#ifndef OCV_JPEG_H
#define OCV_JPEG_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

/// Decodes one rectangle of a JPEG file held in memory: B, G, R, bit for bit what decoding all of it gives there.
///
/// The result has the size of the whole image, mirrored as asked; outside of the rectangle, which counts in the mirrored
/// image, its pixels are undefined. It is NULL, with status 0, for a file of which only the whole can be decoded: several
/// scans, colours other than YCbCr and grey, another size than the caller's, damaged data.
OCV_API int32_t ocv_jpeg_decode_part(const uint8_t *bytes, size_t count, int32_t imageWidth, int32_t imageHeight,
                                     int32_t x, int32_t y, int32_t width, int32_t height, int32_t mirrorX,
                                     int32_t mirrorY, OCVMat *_Nullable *_Nonnull out);

/// Decodes all of a JPEG file held in memory: B, G, R, bit for bit what OpenCV gives, not turned.
///
/// `isDamaged` becomes 1, and the result NULL, when coded data are missing or wrong. The result is also NULL, with status
/// 0, for a file that OpenCV has to decode: colours other than YCbCr and grey, another size than the caller's, headers
/// that libjpeg refuses.
OCV_API int32_t ocv_jpeg_decode(const uint8_t *bytes, size_t count, int32_t width, int32_t height,
                                OCVMat *_Nullable *_Nonnull out, int32_t *isDamaged);

#pragma clang assume_nonnull end
#endif
