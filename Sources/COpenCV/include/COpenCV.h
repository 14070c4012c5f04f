/// A small C face over the parts of OpenCV that swift-pose uses.
///
/// Rules shared by every function:
/// - the result is 0 on success; anything else is a failure whose text is `ocv_last_error()` (of this thread);
/// - no C++ exception leaves a function, and bad arguments are refused instead of reaching OpenCV's assertions;
/// - an `OCVMat` handed out is owned by the caller (`ocv_mat_free`), continuous in memory, and never empty;
/// - colours are B, G, R, (A) and points are in pixels, x to the right, y downwards.
#ifndef COPENCV_H
#define COPENCV_H

#include "ocv_mat.h"
#include "ocv_codec.h"
#include "ocv_jpeg.h"
#include "ocv_geometry.h"
#include "ocv_filter.h"
#include "ocv_draw.h"
#include "ocv_video.h"

#endif
