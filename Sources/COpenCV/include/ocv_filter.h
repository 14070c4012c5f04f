#ifndef OCV_FILTER_H
#define OCV_FILTER_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

/// Separable correlation; both kernels have odd lengths and are anchored at their middle.
OCV_API int32_t ocv_separable_filter(const OCVMat *mat, const float *kernelX, int32_t countX, const float *kernelY,
                                     int32_t countY, int32_t border, OCVMat *_Nullable *_Nonnull out);
/// The same on a plane of floats, without an `OCVMat`. `source` and `destination` may be the same memory.
OCV_API int32_t ocv_separable_filter_plane(const float *source, float *destination, int32_t rows, int32_t columns,
                                           const float *kernelX, int32_t countX, const float *kernelY, int32_t countY,
                                           int32_t border);
/// Gaussian blur of 8-bit images in OpenCV's fixed-point arithmetic.
OCV_API int32_t ocv_gaussian_blur(const OCVMat *mat, int32_t width, int32_t height, double sigmaX, double sigmaY,
                                  int32_t border, OCVMat *_Nullable *_Nonnull out);
OCV_API int32_t ocv_box_blur(const OCVMat *mat, int32_t width, int32_t height, int32_t border,
                             OCVMat *_Nullable *_Nonnull out);
OCV_API int32_t ocv_median_blur(const OCVMat *mat, int32_t size, OCVMat *_Nullable *_Nonnull out);

#pragma clang assume_nonnull end
#endif
