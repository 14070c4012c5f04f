#ifndef OCV_GEOMETRY_H
#define OCV_GEOMETRY_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

/// `cv::InterpolationFlags`.
enum {
    OCV_NEAREST = 0, OCV_LINEAR = 1, OCV_CUBIC = 2, OCV_AREA = 3, OCV_LANCZOS4 = 4, OCV_LINEAR_EXACT = 5,
    OCV_NEAREST_EXACT = 6
};
/// `cv::BorderTypes`.
enum { OCV_BORDER_CONSTANT = 0, OCV_BORDER_REPLICATE = 1, OCV_BORDER_REFLECT = 2, OCV_BORDER_WRAP = 3,
       OCV_BORDER_REFLECT_101 = 4 };

/// `matrix` is 2×3, row-major, and maps source to destination; with `inverseMap` destination to source.
OCV_API int32_t ocv_warp_affine(const OCVMat *mat, const double *matrix, int32_t inverseMap, int32_t width,
                                int32_t height, int32_t interpolation, int32_t border, const double *value,
                                OCVMat *_Nullable *_Nonnull out);
/// `matrix` is 3×3, row-major.
OCV_API int32_t ocv_warp_perspective(const OCVMat *mat, const double *matrix, int32_t inverseMap, int32_t width,
                                     int32_t height, int32_t interpolation, int32_t border, const double *value,
                                     OCVMat *_Nullable *_Nonnull out);
OCV_API int32_t ocv_resize(const OCVMat *mat, int32_t width, int32_t height, int32_t interpolation,
                           OCVMat *_Nullable *_Nonnull out);

#pragma clang assume_nonnull end
#endif
