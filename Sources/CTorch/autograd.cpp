#include "CTorchAutograd.h"
#include "error.hpp"
#include "handles.hpp"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <stdexcept>

using ctorch::borrow;
using ctorch::guarded;
using ctorch::implementation;

bool ct_tensor_requires_grad(ct_tensor tensor) {
    bool result = false;
    guarded([&] { result = borrow(tensor).requires_grad(); });
    return result;
}

bool ct_tensor_set_requires_grad(ct_tensor tensor, bool requires_grad) {
    return guarded([&] {
        auto value = borrow(tensor);
        // TensorBase does not check these as Python's requires_grad_ does.
        if (requires_grad && !torch::autograd::isDifferentiableType(value.scalar_type()))
            throw std::invalid_argument("only tensors of a floating point type can require gradients");
        if (!requires_grad && !value.is_leaf())
            throw std::invalid_argument("only leaf tensors can stop requiring gradients; use detach()");
        value.set_requires_grad(requires_grad);
    });
}

bool ct_tensor_is_leaf(ct_tensor tensor) {
    bool result = false;
    guarded([&] { result = borrow(tensor).is_leaf(); });
    return result;
}

bool ct_tensor_is_inference(ct_tensor tensor) { return implementation(tensor)->is_inference(); }

bool ct_tensor_gradient(ct_tensor tensor, ct_tensor *gradient) {
    return guarded([&] { *gradient = ctorch::give(borrow(tensor).grad()); });
}

bool ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient) {
    return guarded([&] {
        auto value = borrow(tensor), replacement = borrow(gradient);
        if (replacement.defined() && !replacement.sizes().equals(value.sizes()))
            throw std::invalid_argument("the gradient must have the shape of its tensor");
        value.mutable_grad() = replacement;
    });
}

namespace {

std::vector<at::Tensor> borrowAll(const ct_tensor *handles, size_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (size_t i = 0; i < count; i++) result.push_back(borrow(handles[i]));
    return result;
}

} // namespace

bool ct_backward(
    const ct_tensor *tensors, const ct_tensor *gradients, size_t count, bool keep_graph, bool create_graph) {
    return guarded([&] {
        torch::autograd::backward(borrowAll(tensors, count), borrowAll(gradients, count), keep_graph, create_graph);
    });
}

bool ct_gradients(
    const ct_tensor *outputs, const ct_tensor *output_gradients, size_t output_count, const ct_tensor *inputs,
    size_t input_count, bool keep_graph, bool create_graph, bool allow_unused, ct_tensor *results) {
    return guarded([&] {
        auto gradients = torch::autograd::grad(
            borrowAll(outputs, output_count), borrowAll(inputs, input_count),
            borrowAll(output_gradients, output_count), keep_graph, create_graph, allow_unused);
        if (gradients.size() != input_count) throw std::runtime_error("returned another number of gradients");
        for (size_t i = 0; i < input_count; i++) results[i] = ctorch::give(gradients[i]);
    });
}

bool ct_grad_enabled(void) { return c10::GradMode::is_enabled(); }

void ct_set_grad_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }

void *ct_inference_mode_push(bool enabled) {
    void *result = nullptr;
    guarded([&] { result = new c10::InferenceMode(enabled); });
    return result;
}

void ct_inference_mode_pop(void *guard) {
    guarded([&] { delete static_cast<c10::InferenceMode *>(guard); });
}

bool ct_inference_mode_enabled(void) { return c10::InferenceMode::is_enabled(); }

bool ct_autocast_enabled(int32_t device_type) {
    bool result = false;
    guarded([&] { result = at::autocast::is_autocast_enabled(static_cast<at::DeviceType>(device_type)); });
    return result;
}

int32_t ct_autocast_dtype(int32_t device_type) {
    auto result = at::ScalarType::Undefined;
    guarded([&] { result = at::autocast::get_autocast_dtype(static_cast<at::DeviceType>(device_type)); });
    return static_cast<int32_t>(result);
}

bool ct_autocast_enter(int32_t device_type, int32_t dtype, bool enabled) {
    return guarded([&] {
        auto device = static_cast<at::DeviceType>(device_type);
        at::autocast::set_autocast_dtype(device, static_cast<at::ScalarType>(dtype));
        at::autocast::set_autocast_enabled(device, enabled);
        at::autocast::increment_nesting();
    });
}

bool ct_autocast_leave(int32_t device_type, int32_t previous_dtype, bool previously_enabled) {
    return guarded([&] {
        auto device = static_cast<at::DeviceType>(device_type);
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(device, previously_enabled);
        at::autocast::set_autocast_dtype(device, static_cast<at::ScalarType>(previous_dtype));
    });
}
