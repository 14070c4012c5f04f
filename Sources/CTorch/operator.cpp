#include "CTorchOperator.h"
#include "error.hpp"
#include "handles.hpp"
#include "values.hpp"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/add.h>

#include <chrono>
#include <vector>

/// An operator with its schema digested, so that a call neither looks up names nor walks types.
struct ct_operator_opaque {
    c10::OperatorHandle handle;
    std::vector<ctorch::Parameter> parameters;
    size_t resultCount;
};

ct_operator ct_operator_find(const char *name, const char *overload) {
    ct_operator result = nullptr;
    ctorch::guarded([&] {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        if (!handle.has_value()) throw std::invalid_argument("libtorch has no such operator");
        std::vector<ctorch::Parameter> parameters;
        for (const auto &argument : handle->schema().arguments()) parameters.emplace_back(argument);
        // Never freed: operators are looked up once and cached for the life of the process.
        result = new ct_operator_opaque{*handle, std::move(parameters), handle->schema().returns().size()};
    });
    return result;
}

size_t ct_operator_result_count(ct_operator op) { return op->resultCount; }

size_t ct_operator_argument_count(ct_operator op) { return op->parameters.size(); }

const char *ct_operator_argument_name(ct_operator op, size_t index) {
    return index < op->parameters.size() ? op->parameters[index].name.c_str() : nullptr;
}

bool ct_operator_call(ct_operator op, const ct_value *arguments, size_t argument_count, ct_value *results) {
    return ctorch::guarded([&] {
        const auto &parameters = op->parameters;
        if (argument_count > parameters.size()) {
            throw std::invalid_argument(
                "takes at most " + std::to_string(parameters.size()) + " arguments, given " +
                std::to_string(argument_count));
        }
        std::vector<c10::IValue> stack;
        stack.reserve(std::max(parameters.size(), op->resultCount));
        for (size_t i = 0; i < argument_count; i++) stack.push_back(parameters[i].convert(arguments[i]));
        for (size_t i = argument_count; i < parameters.size(); i++) stack.push_back(parameters[i].defaultValue());
        op->handle.callBoxed(stack);
        if (stack.size() != op->resultCount) throw std::runtime_error("returned another number of values than declared");
        ctorch::giveAll(stack, results);
    });
}

void ct_value_free_storage(const ct_value *value) { ctorch::freeStorage(*value); }

namespace {

thread_local void *observer = nullptr;

} // namespace

void *ct_thread_observer(void) { return observer; }

void ct_set_thread_observer(void *newObserver) { observer = newObserver; }

double ct_measure_unboxed_add(ct_tensor a, ct_tensor b, int64_t repetitions) {
    double nanoseconds = -1;
    ctorch::guarded([&] {
        auto left = ctorch::borrow(a), right = ctorch::borrow(b);
        auto start = std::chrono::steady_clock::now();
        for (int64_t i = 0; i < repetitions; i++) at::add(left, right);
        std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
        nanoseconds = elapsed.count() / static_cast<double>(repetitions);
    });
    return nanoseconds;
}
