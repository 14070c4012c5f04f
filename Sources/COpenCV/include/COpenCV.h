#ifndef COPENCV_H
#define COPENCV_H
#ifdef __cplusplus
extern "C"
#endif
int cv_smoke(void);
#endif
