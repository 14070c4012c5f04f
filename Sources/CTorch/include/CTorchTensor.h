#ifndef CTORCH_TENSOR_H
#define CTORCH_TENSOR_H

#include "CTorchTypes.h"

#ifdef __cplusplus
extern "C" {
#endif

void ct_tensor_release(ct_tensor tensor);

int64_t ct_tensor_dim(ct_tensor tensor);
int64_t ct_tensor_numel(ct_tensor tensor);
/// Writes `ct_tensor_dim` numbers.
bool ct_tensor_sizes(ct_tensor tensor, int64_t *sizes);
/// Writes `ct_tensor_dim` numbers, in elements. Fails for layouts without strides.
bool ct_tensor_strides(ct_tensor tensor, int64_t *strides);
/// The c10::ScalarType.
int32_t ct_tensor_dtype(ct_tensor tensor);
/// The c10::DeviceType and the number of the device (-1 when it has none).
void ct_tensor_device(ct_tensor tensor, int32_t *type, int32_t *index);
/// Contiguous in `memory_format` (c10::MemoryFormat).
bool ct_tensor_is_contiguous(ct_tensor tensor, int32_t memory_format);
size_t ct_tensor_element_size(ct_tensor tensor);

/// Address of the first element in `data`, which is NULL for an empty or a meta tensor.
bool ct_tensor_data(ct_tensor tensor, void **data);

/// The only element, converted; false when there is not exactly one or the type does not convert.
bool ct_tensor_item_double(ct_tensor tensor, double *value);
bool ct_tensor_item_int(ct_tensor tensor, int64_t *value);

/// A tensor over memory of somebody else. `release(context)` is called exactly once, on any thread, when the last
/// tensor over it goes away; when this function fails it is not called.
bool ct_tensor_from_blob(
    void *data, const int64_t *sizes, const int64_t *strides, size_t dim, int32_t dtype, void *context,
    void (*release)(void *context), ct_tensor *result);

#ifdef __cplusplus
}
#endif
#endif
