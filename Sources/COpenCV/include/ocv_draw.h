#ifndef OCV_DRAW_H
#define OCV_DRAW_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

/// Drawing changes the matrix in place. Points are x, y pairs in pixels with fractions (kept to 1/16 pixel); the caller
/// keeps them finite and within ±1 000 000 pixels. A negative thickness fills. Lines are anti-aliased on 8-bit matrices.

OCV_API int32_t ocv_draw_line(OCVMat *mat, const double *from, const double *to, const double *color, int32_t thickness);
OCV_API int32_t ocv_draw_circle(OCVMat *mat, const double *center, double radius, const double *color,
                                int32_t thickness);
/// An ellipse of half axes `axes`, turned by `angle` degrees clockwise.
OCV_API int32_t ocv_draw_ellipse(OCVMat *mat, const double *center, const double *axes, double angle,
                                 const double *color, int32_t thickness);
OCV_API int32_t ocv_draw_polyline(OCVMat *mat, const double *points, size_t count, int32_t closed, const double *color,
                                  int32_t thickness);
/// Fills a simple convex polygon.
OCV_API int32_t ocv_fill_convex(OCVMat *mat, const double *points, size_t count, const double *color);
/// Fills contours by the even-odd rule; contour `i` has `counts[i]` of the points. `antialiased` 0 gives a hard mask.
OCV_API int32_t ocv_fill_polygons(OCVMat *mat, const double *points, const size_t *counts, size_t contours,
                                  const double *color, int32_t antialiased);

typedef struct OCVTextSize {
    int32_t width, height, baseline;
} OCVTextSize;
OCV_API int32_t ocv_text_size(const char *text, double scale, int32_t thickness, OCVTextSize *out);
/// `origin` is the left end of the base line. Characters beyond ASCII are drawn as "?".
OCV_API int32_t ocv_draw_text(OCVMat *mat, const char *text, const double *origin, double scale, const double *color,
                              int32_t thickness);
/// `mat = mat * (1 - alpha) + overlay * alpha` where the overlay's top left pixel lies at `x`, `y`.
OCV_API int32_t ocv_blend(OCVMat *mat, const OCVMat *overlay, int32_t x, int32_t y, double alpha);

#pragma clang assume_nonnull end
#endif
