#ifndef CTORCH_AUTOGRAD_H
#define CTORCH_AUTOGRAD_H

#include "CTorchTypes.h"

#ifdef __cplusplus
extern "C" {
#endif

bool ct_tensor_requires_grad(ct_tensor tensor);
bool ct_tensor_set_requires_grad(ct_tensor tensor, bool requires_grad);
bool ct_tensor_is_leaf(ct_tensor tensor);
bool ct_tensor_is_inference(ct_tensor tensor);

/// The accumulated gradient; `*gradient` is NULL when there is none.
bool ct_tensor_gradient(ct_tensor tensor, ct_tensor *gradient);
/// Replaces the gradient; NULL drops it.
bool ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient);

/// Accumulates gradients of `tensors` (weighted by `gradients`, whose elements may be NULL for scalars) in the leaves.
bool ct_backward(
    const ct_tensor *tensors, const ct_tensor *gradients, size_t count, bool keep_graph, bool create_graph);

/// Gradients of `outputs` with respect to `inputs`, without accumulating. `results` has room for `input_count`; an
/// element is NULL when `allow_unused` and the outputs do not depend on that input.
bool ct_gradients(
    const ct_tensor *outputs, const ct_tensor *output_gradients, size_t output_count, const ct_tensor *inputs,
    size_t input_count, bool keep_graph, bool create_graph, bool allow_unused, ct_tensor *results);

/// Grad mode of this thread.
bool ct_grad_enabled(void);
void ct_set_grad_enabled(bool enabled);

/// Enters inference mode (or leaves it, with `enabled` false) on this thread until `ct_inference_mode_pop`, which must
/// be called on the same thread, in reverse order. NULL on failure.
void *ct_inference_mode_push(bool enabled);
void ct_inference_mode_pop(void *guard);
bool ct_inference_mode_enabled(void);

/// Autocast of this thread for a device type, with its lower-precision dtype.
bool ct_autocast_enabled(int32_t device_type);
int32_t ct_autocast_dtype(int32_t device_type);
bool ct_autocast_enter(int32_t device_type, int32_t dtype, bool enabled);
/// Restores what `ct_autocast_enter` replaced; drops the cache of cast weights when the outermost level is left.
bool ct_autocast_leave(int32_t device_type, int32_t previous_dtype, bool previously_enabled);

#ifdef __cplusplus
}
#endif
#endif
