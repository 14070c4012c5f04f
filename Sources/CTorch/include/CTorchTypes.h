#ifndef CTORCH_TYPES_H
#define CTORCH_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One reference to a `c10::TensorImpl`. NULL stands for an undefined tensor.
typedef struct ct_tensor_opaque *ct_tensor;
/// One reference to a `c10::GeneratorImpl`.
typedef struct ct_generator_opaque *ct_generator;
/// A resolved operator; lives as long as the process.
typedef const struct ct_operator_opaque *ct_operator;

/// What a `ct_value` holds.
typedef enum ct_kind {
    CT_NONE = 0,
    CT_TENSOR,
    CT_INT,
    CT_DOUBLE,
    CT_BOOL,
    CT_STRING,
    CT_INT_LIST,
    CT_DOUBLE_LIST,
    CT_BOOL_LIST,
    CT_TENSOR_LIST, ///< For an operator that takes `Tensor?[]`, NULL elements are None.
    CT_DEVICE,      ///< `integer` is the c10::DeviceType, `index` the device number (-1: current).
    CT_GENERATOR,
} ct_kind;

typedef union ct_payload {
    int64_t integer; ///< CT_INT, CT_BOOL (0 or 1), CT_DEVICE. Data types, layouts and memory formats travel as CT_INT.
    double number;
    ct_tensor tensor;
    ct_generator generator;
    const char *string; ///< `count` bytes of UTF-8
    const int64_t *integers;
    const double *numbers;
    const uint8_t *flags;
    const ct_tensor *tensors;
} ct_payload;

/// An argument or a result of an operator.
typedef struct ct_value {
    ct_kind kind;
    int32_t index;
    int64_t count; ///< Number of elements of a list or bytes of a string.
    ct_payload payload;
} ct_value;

/// The reason of the last failure on this thread: one line, never NULL, valid until the next failure on this thread.
const char *ct_last_error(void);

#ifdef __cplusplus
}
#endif
#endif
