#include "COpenCV.h"
#include <opencv2/core.hpp>
int cv_smoke(void) { return cv::Mat(3, 3, CV_8U).rows; }
