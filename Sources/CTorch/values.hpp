// Arguments and results of operators: `ct_value` to `c10::IValue` and back.
#pragma once

#include "CTorchTypes.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <optional>
#include <string>
#include <vector>

namespace ctorch {

/// One argument of an operator's schema: its type boiled down to what conversion needs.
struct Parameter {
    explicit Parameter(const c10::Argument &argument);

    /// The argument as the kernel expects it. Throws when the value does not fit the declared type: kernels reached
    /// through the boxed dispatcher do not all check this themselves.
    c10::IValue convert(const ct_value &value) const;

    /// The schema's default. Throws when there is none.
    const c10::IValue &defaultValue() const;

    std::string name;

private:
    enum class Type { tensor, integer, number, scalar, boolean, string, device, generator, integers, numbers, booleans,
                      tensors, optionalTensors, unsupported };

    [[noreturn]] void reject(const ct_value &value) const;
    c10::IValue convertList(const ct_value &value) const;

    static Type classify(const c10::Type &type);

    Type type;
    bool optional;
    std::optional<int32_t> fixedCount; ///< of `int[2]`, where a lone number stands for all elements
    std::optional<c10::IValue> fallback;
    std::string declared;
};

/// Moves all values out of `stack` into `results`. When one has no C form, those already given are taken back and the
/// call fails.
void giveAll(std::vector<c10::IValue> &stack, ct_value *results);

/// Frees what a list or a string given by `giveAll` points to.
void freeStorage(const ct_value &value) noexcept;

} // namespace ctorch
