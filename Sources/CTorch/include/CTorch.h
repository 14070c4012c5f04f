/// A small C face over libtorch: any operator by name, tensors, autograd, autocast, threads.
///
/// Rules that hold for every function here:
///  - nothing throws across this boundary: a function that can fail returns false (or NULL) and leaves the reason in
///    `ct_last_error()` of the calling thread;
///  - a `ct_tensor` returned by a function is owned by the caller, who gives it back with `ct_tensor_release`;
///  - a `ct_tensor` passed to a function is only borrowed for the length of the call.
#ifndef CTORCH_H
#define CTORCH_H

#include "CTorchAutograd.h"
#include "CTorchDistributed.h"
#include "CTorchOperator.h"
#include "CTorchRuntime.h"
#include "CTorchTensor.h"
#include "CTorchTypes.h"

#endif
