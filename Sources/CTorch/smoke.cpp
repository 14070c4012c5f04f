#include "CTorch.h"
#include <ATen/core/dispatch/Dispatcher.h>
int ct_smoke(void) { return c10::Dispatcher::singleton().findSchema({"aten::relu", ""}).has_value(); }
