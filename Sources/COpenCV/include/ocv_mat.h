#ifndef OCV_MAT_H
#define OCV_MAT_H

#include "ocv_base.h"

#pragma clang assume_nonnull begin

/// Element types, with OpenCV's own numbers.
enum { OCV_U8 = 0, OCV_U16 = 2, OCV_F32 = 5 };

/// A matrix of `rows` × `columns` pixels. `bytes` (tightly packed, copied) or zeros.
OCV_API int32_t ocv_mat_create(int32_t rows, int32_t columns, int32_t depth, int32_t channels,
                               const void *_Nullable bytes, OCVMat *_Nullable *_Nonnull out);
OCV_API void ocv_mat_free(OCVMat *_Nullable mat);

OCV_API int32_t ocv_mat_rows(const OCVMat *mat);
OCV_API int32_t ocv_mat_columns(const OCVMat *mat);
OCV_API int32_t ocv_mat_channels(const OCVMat *mat);
OCV_API int32_t ocv_mat_depth(const OCVMat *mat);
/// The first byte of the pixels, which follow one another without padding.
OCV_API const void *ocv_mat_bytes(const OCVMat *mat);

OCV_API int32_t ocv_mat_clone(const OCVMat *mat, OCVMat *_Nullable *_Nonnull out);
/// Sets every pixel to B, G, R, A.
OCV_API int32_t ocv_fill(OCVMat *mat, const double *color);
/// A copy of a rectangle that must lie inside.
OCV_API int32_t ocv_mat_crop(const OCVMat *mat, int32_t x, int32_t y, int32_t width, int32_t height,
                             OCVMat *_Nullable *_Nonnull out);
/// `saturate(value * scale + shift)` in another element type.
OCV_API int32_t ocv_mat_convert(const OCVMat *mat, int32_t depth, double scale, double shift,
                                OCVMat *_Nullable *_Nonnull out);
/// `code` is one of OpenCV's `ColorConversionCodes`.
OCV_API int32_t ocv_convert_color(const OCVMat *mat, int32_t code, OCVMat *_Nullable *_Nonnull out);
/// Mirrors left to right, top to bottom, or both.
OCV_API int32_t ocv_flip(const OCVMat *mat, int32_t horizontal, int32_t vertical, OCVMat *_Nullable *_Nonnull out);
/// One rectangle of the mirror image, in which it counts. The result has the size of the whole; outside of the rectangle
/// its pixels are undefined.
OCV_API int32_t ocv_flip_part(const OCVMat *mat, int32_t x, int32_t y, int32_t width, int32_t height,
                              int32_t horizontal, int32_t vertical, OCVMat *_Nullable *_Nonnull out);
/// Writes the channels one after another into `planes`, which has room for all values.
OCV_API int32_t ocv_split(const OCVMat *mat, void *planes);
/// Every value of an 8-bit matrix through the table of its channel. `tables` has 256 rows of one value for each channel.
OCV_API int32_t ocv_lookup(const OCVMat *mat, const uint8_t *tables, OCVMat *_Nullable *_Nonnull out);
/// Channel `order[i]` becomes channel `i`; as many as there are.
OCV_API int32_t ocv_reorder_channels(const OCVMat *mat, const int32_t *order, OCVMat *_Nullable *_Nonnull out);
/// Sets the pixels of a rectangle, which is cut to the matrix, to up to four values.
OCV_API int32_t ocv_fill_rectangle(OCVMat *mat, int32_t x, int32_t y, int32_t width, int32_t height,
                                   const double *color);
/// Pads by the given numbers of pixels. `border` as in `ocv_geometry.h`, `value` is B, G, R, A.
OCV_API int32_t ocv_pad(const OCVMat *mat, int32_t top, int32_t bottom, int32_t left, int32_t right, int32_t border,
                        const double *value, OCVMat *_Nullable *_Nonnull out);

#pragma clang assume_nonnull end
#endif
