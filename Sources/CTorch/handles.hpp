// Conversions between C handles and libtorch's reference-counted objects.
#pragma once

#include "CTorchTypes.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace ctorch {

inline c10::TensorImpl *implementation(ct_tensor handle) { return reinterpret_cast<c10::TensorImpl *>(handle); }

/// A new reference to the tensor behind a borrowed handle; an undefined tensor for NULL.
inline at::Tensor borrow(ct_tensor handle) {
    if (handle == nullptr) return at::Tensor();
    return at::Tensor(
        c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(implementation(handle)));
}

/// Gives the tensor's reference to the caller; NULL for an undefined tensor.
inline ct_tensor give(at::Tensor tensor) {
    if (!tensor.defined()) return nullptr;
    return reinterpret_cast<ct_tensor>(tensor.unsafeReleaseTensorImpl());
}

inline at::Generator borrow(ct_generator handle) {
    return at::Generator(
        c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(reinterpret_cast<c10::GeneratorImpl *>(handle)));
}

} // namespace ctorch
