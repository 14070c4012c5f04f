#ifndef CTORCH_OPERATOR_H
#define CTORCH_OPERATOR_H

#include "CTorchTypes.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Finds `name` ("aten::add") with `overload` ("Tensor", or "") in the dispatcher. NULL when there is none.
ct_operator ct_operator_find(const char *name, const char *overload);

/// Number of values the operator returns.
size_t ct_operator_result_count(ct_operator op);

/// Number of arguments in the operator's schema, those with a default included.
size_t ct_operator_argument_count(ct_operator op);

/// Name of argument `index` in the schema, or NULL beyond the last. Valid as long as the process.
const char *ct_operator_argument_name(ct_operator op, size_t index);

/// Calls the operator through the boxed dispatcher, so autograd, autocast and every backend work as in Python.
///
/// Arguments are positional in schema order; trailing ones that are absent take the schema's default. Integers are
/// accepted where floats or scalars are expected, and one integer where a fixed-size list is.
/// `results` must have room for `ct_operator_result_count(op)` values, all of which are written. The caller owns the
/// tensors in them, and the memory of lists and strings until `ct_value_free_storage`.
bool ct_operator_call(ct_operator op, const ct_value *arguments, size_t argument_count, ct_value *results);

/// Frees the array (not the tensors in it) or the bytes that a list or string result points to.
void ct_value_free_storage(const ct_value *value);

/// A value private to each thread, NULL at first: whoever listens to the operator calls of this thread.
void *ct_thread_observer(void);
void ct_set_thread_observer(void *observer);

/// Nanoseconds per plain C++ `at::add` of two one-element tensors, the yardstick for the cost of a boxed call.
/// Negative on failure.
double ct_measure_unboxed_add(ct_tensor a, ct_tensor b, int64_t repetitions);

#ifdef __cplusplus
}
#endif
#endif
