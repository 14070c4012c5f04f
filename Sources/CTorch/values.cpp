#include "values.hpp"
#include "CTorchTensor.h"
#include "handles.hpp"

#include <ATen/core/List.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace ctorch {

namespace {

const char *kindName(ct_kind kind) {
    switch (kind) {
    case CT_NONE: return "None";
    case CT_TENSOR: return "a tensor";
    case CT_INT: return "an integer";
    case CT_DOUBLE: return "a float";
    case CT_BOOL: return "a bool";
    case CT_STRING: return "a string";
    case CT_INT_LIST: return "a list of integers";
    case CT_DOUBLE_LIST: return "a list of floats";
    case CT_BOOL_LIST: return "a list of bools";
    case CT_TENSOR_LIST: return "a list of tensors";
    case CT_DEVICE: return "a device";
    case CT_GENERATOR: return "a generator";
    }
    return "an unknown value";
}

} // namespace

Parameter::Type Parameter::classify(const c10::Type &type) {
    switch (type.kind()) {
    case c10::TypeKind::TensorType: return Type::tensor;
    case c10::TypeKind::IntType: return Type::integer; // also data types, layouts, memory formats and SymInt
    case c10::TypeKind::FloatType: return Type::number;
    case c10::TypeKind::NumberType: return Type::scalar;
    case c10::TypeKind::BoolType: return Type::boolean;
    case c10::TypeKind::StringType: return Type::string;
    case c10::TypeKind::DeviceObjType: return Type::device;
    case c10::TypeKind::GeneratorType: return Type::generator;
    case c10::TypeKind::ListType: break;
    default: return Type::unsupported;
    }
    const auto &element = *type.castRaw<c10::ListType>()->getElementType();
    switch (element.kind()) {
    case c10::TypeKind::IntType: return Type::integers;
    case c10::TypeKind::FloatType: return Type::numbers;
    case c10::TypeKind::BoolType: return Type::booleans;
    case c10::TypeKind::TensorType: return Type::tensors;
    case c10::TypeKind::OptionalType:
        return element.castRaw<c10::OptionalType>()->getElementType()->kind() == c10::TypeKind::TensorType
            ? Type::optionalTensors
            : Type::unsupported;
    default: return Type::unsupported;
    }
}

Parameter::Parameter(const c10::Argument &argument)
    : name(argument.name()), type(Type::unsupported), optional(false), fixedCount(argument.N()),
      declared(argument.type()->annotation_str()) {
    const c10::Type *bare = argument.type().get();
    if (bare->kind() == c10::TypeKind::OptionalType) {
        optional = true;
        bare = bare->castRaw<c10::OptionalType>()->getElementType().get();
    }
    type = classify(*bare);
    if (argument.default_value()) fallback = *argument.default_value();
}

const c10::IValue &Parameter::defaultValue() const {
    if (!fallback) throw std::invalid_argument("argument '" + name + "' is missing");
    return *fallback;
}

void Parameter::reject(const ct_value &value) const {
    throw std::invalid_argument("argument '" + name + "' must be " + declared + ", not " + kindName(value.kind));
}

c10::IValue Parameter::convert(const ct_value &value) const {
    if (value.kind == CT_NONE) {
        if (!optional) reject(value);
        return c10::IValue();
    }
    switch (type) {
    case Type::tensor:
        if (value.kind == CT_TENSOR) return borrow(value.payload.tensor);
        break;
    case Type::integer:
        if (value.kind == CT_INT) return value.payload.integer;
        break;
    case Type::number:
        if (value.kind == CT_DOUBLE) return value.payload.number;
        if (value.kind == CT_INT) return static_cast<double>(value.payload.integer);
        break;
    case Type::scalar:
        if (value.kind == CT_DOUBLE) return value.payload.number;
        if (value.kind == CT_INT) return value.payload.integer;
        if (value.kind == CT_BOOL) return value.payload.integer != 0;
        break;
    case Type::boolean:
        if (value.kind == CT_BOOL) return value.payload.integer != 0;
        break;
    case Type::string:
        if (value.kind == CT_STRING) return std::string(value.payload.string, static_cast<size_t>(value.count));
        break;
    case Type::device:
        if (value.kind == CT_DEVICE) {
            return c10::Device(
                static_cast<c10::DeviceType>(value.payload.integer), static_cast<c10::DeviceIndex>(value.index));
        }
        break;
    case Type::generator:
        if (value.kind == CT_GENERATOR) return borrow(value.payload.generator);
        break;
    default: return convertList(value);
    }
    reject(value);
}

c10::IValue Parameter::convertList(const ct_value &value) const {
    const auto count = static_cast<size_t>(value.count);
    if (type == Type::integers) {
        if (value.kind == CT_INT_LIST) return c10::IntArrayRef(value.payload.integers, count);
        if (value.kind == CT_INT && fixedCount) return std::vector<int64_t>(*fixedCount, value.payload.integer);
    } else if (type == Type::numbers) {
        if (value.kind == CT_DOUBLE_LIST) return c10::ArrayRef<double>(value.payload.numbers, count);
        if (value.kind == CT_DOUBLE && fixedCount) return std::vector<double>(*fixedCount, value.payload.number);
    } else if (type == Type::booleans) {
        if (value.kind == CT_BOOL_LIST) {
            c10::List<bool> list;
            for (size_t i = 0; i < count; i++) list.push_back(value.payload.flags[i] != 0);
            return list;
        }
    } else if (type == Type::tensors && value.kind == CT_TENSOR_LIST) {
        c10::List<at::Tensor> list;
        list.reserve(count);
        for (size_t i = 0; i < count; i++) {
            if (value.payload.tensors[i] == nullptr) throw std::invalid_argument("None in list '" + name + "'");
            list.push_back(borrow(value.payload.tensors[i]));
        }
        return list;
    } else if (type == Type::optionalTensors && value.kind == CT_TENSOR_LIST) {
        c10::List<std::optional<at::Tensor>> list;
        list.reserve(count);
        for (size_t i = 0; i < count; i++) {
            auto handle = value.payload.tensors[i];
            list.push_back(handle == nullptr ? std::nullopt : std::optional<at::Tensor>(borrow(handle)));
        }
        return list;
    }
    reject(value);
}

namespace {

/// Copies `values` to memory that the C caller frees.
template <typename Element, typename Values>
ct_value giveList(ct_kind kind, const Values &values) {
    auto *memory = static_cast<Element *>(std::malloc(std::max<size_t>(1, values.size()) * sizeof(Element)));
    if (memory == nullptr) throw std::bad_alloc();
    for (size_t i = 0; i < values.size(); i++) memory[i] = static_cast<Element>(values[i]);
    ct_value result{kind, 0, static_cast<int64_t>(values.size()), {}};
    result.payload.string = reinterpret_cast<const char *>(memory);
    return result;
}

ct_value giveTensors(const std::vector<at::Tensor> &tensors) {
    std::vector<ct_tensor> none(tensors.size(), nullptr);
    auto result = giveList<ct_tensor>(CT_TENSOR_LIST, none);
    auto *handles = const_cast<ct_tensor *>(result.payload.tensors);
    for (size_t i = 0; i < tensors.size(); i++) handles[i] = give(tensors[i]);
    return result;
}

ct_value giveOne(c10::IValue &&value) {
    ct_value result{CT_NONE, 0, 0, {}};
    if (value.isTensor()) {
        result.payload.tensor = give(std::move(value).toTensor());
        if (result.payload.tensor != nullptr) result.kind = CT_TENSOR;
    } else if (value.isInt()) {
        result.kind = CT_INT;
        result.payload.integer = value.toInt();
    } else if (value.isDouble()) {
        result.kind = CT_DOUBLE;
        result.payload.number = value.toDouble();
    } else if (value.isBool()) {
        result.kind = CT_BOOL;
        result.payload.integer = value.toBool() ? 1 : 0;
    } else if (value.isString()) {
        return giveList<char>(CT_STRING, value.toStringRef());
    } else if (value.isTensorList()) {
        return giveTensors(value.toTensorVector());
    } else if (value.isIntList()) {
        return giveList<int64_t>(CT_INT_LIST, value.toIntVector());
    } else if (value.isDoubleList()) {
        return giveList<double>(CT_DOUBLE_LIST, value.toDoubleVector());
    } else if (value.isBoolList()) {
        return giveList<uint8_t>(CT_BOOL_LIST, value.toBoolList().vec());
    } else if (!value.isNone()) {
        throw std::runtime_error("returned " + value.tagKind() + ", which has no C form");
    }
    return result;
}

void takeBack(const ct_value &value) noexcept {
    if (value.kind == CT_TENSOR) ct_tensor_release(value.payload.tensor);
    if (value.kind == CT_TENSOR_LIST) {
        for (int64_t i = 0; i < value.count; i++) ct_tensor_release(value.payload.tensors[i]);
    }
    freeStorage(value);
}

} // namespace

void giveAll(std::vector<c10::IValue> &stack, ct_value *results) {
    size_t given = 0;
    try {
        for (; given < stack.size(); given++) results[given] = giveOne(std::move(stack[given]));
    } catch (...) {
        while (given > 0) takeBack(results[--given]);
        throw;
    }
}

void freeStorage(const ct_value &value) noexcept {
    switch (value.kind) {
    case CT_STRING:
    case CT_INT_LIST:
    case CT_DOUBLE_LIST:
    case CT_BOOL_LIST:
    case CT_TENSOR_LIST: std::free(const_cast<char *>(value.payload.string)); break;
    default: break;
    }
}

} // namespace ctorch
