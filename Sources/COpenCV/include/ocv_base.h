#ifndef OCV_BASE_H
#define OCV_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define OCV_API extern "C"
#else
#define OCV_API extern
#endif

#pragma clang assume_nonnull begin

/// A `cv::Mat` of two dimensions.
typedef struct OCVMat OCVMat;

/// What the last failed call of this thread said.
OCV_API const char *ocv_last_error(void);

/// OpenCV's version, "4.6.0".
OCV_API const char *ocv_version(void);

/// How many threads OpenCV may use; 0 turns its threading off.
OCV_API int32_t ocv_set_threads(int32_t count);

#pragma clang assume_nonnull end
#endif
