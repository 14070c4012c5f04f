#include "CTorchTensor.h"
#include "error.hpp"
#include "handles.hpp"

#include <ATen/ops/from_blob.h>

#include <algorithm>

using ctorch::borrow;
using ctorch::guarded;
using ctorch::implementation;

void ct_tensor_release(ct_tensor tensor) {
    if (tensor == nullptr) return;
    // Destructors do not throw, but a deleter of foreign memory might.
    guarded([&] { c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(implementation(tensor)); });
}

int64_t ct_tensor_dim(ct_tensor tensor) { return tensor == nullptr ? 0 : implementation(tensor)->dim(); }

int64_t ct_tensor_numel(ct_tensor tensor) {
    int64_t count = 0;
    guarded([&] { count = tensor == nullptr ? 0 : implementation(tensor)->numel(); });
    return count;
}

bool ct_tensor_sizes(ct_tensor tensor, int64_t *sizes) {
    return guarded([&] {
        auto values = implementation(tensor)->sizes();
        std::copy(values.begin(), values.end(), sizes);
    });
}

bool ct_tensor_strides(ct_tensor tensor, int64_t *strides) {
    return guarded([&] {
        auto values = implementation(tensor)->strides();
        std::copy(values.begin(), values.end(), strides);
    });
}

int32_t ct_tensor_dtype(ct_tensor tensor) {
    return static_cast<int32_t>(c10::typeMetaToScalarType(implementation(tensor)->dtype()));
}

void ct_tensor_device(ct_tensor tensor, int32_t *type, int32_t *index) {
    guarded([&] {
        auto device = implementation(tensor)->device();
        *type = static_cast<int32_t>(device.type());
        *index = device.index();
    });
}

bool ct_tensor_is_contiguous(ct_tensor tensor, int32_t memory_format) {
    bool result = false;
    guarded([&] { result = implementation(tensor)->is_contiguous(static_cast<c10::MemoryFormat>(memory_format)); });
    return result;
}

size_t ct_tensor_element_size(ct_tensor tensor) { return implementation(tensor)->itemsize(); }

bool ct_tensor_data(ct_tensor tensor, void **data) {
    return guarded([&] { *data = borrow(tensor).data_ptr(); });
}

bool ct_tensor_item_double(ct_tensor tensor, double *value) {
    return guarded([&] { *value = borrow(tensor).item().toDouble(); });
}

bool ct_tensor_item_int(ct_tensor tensor, int64_t *value) {
    return guarded([&] { *value = borrow(tensor).item().toLong(); });
}

bool ct_tensor_from_blob(
    void *data, const int64_t *sizes, const int64_t *strides, size_t dim, int32_t dtype, void *context,
    void (*release)(void *context), ct_tensor *result) {
    // libtorch runs the deleter even when building the tensor fails after it took the memory; the caller must be able
    // to rely on "failed means not released", hence the flag.
    return guarded([&] {
        auto armed = std::make_shared<bool>(false);
        auto tensor = at::from_blob(
            data, c10::IntArrayRef(sizes, dim), c10::IntArrayRef(strides, dim),
            [armed, context, release](void *) {
                if (*armed) release(context);
            },
            at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype)).device(c10::kCPU));
        *armed = true;
        *result = ctorch::give(std::move(tensor));
    });
}
