#ifndef CTORCH_DISTRIBUTED_H
#define CTORCH_DISTRIBUTED_H

#include "CTorchTypes.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Several processes that compute together (c10d's `ProcessGroup` with Gloo).
typedef struct ct_group_opaque *ct_group;
/// Averages gradients of all processes while they are computed (c10d's `Reducer`).
typedef struct ct_reducer_opaque *ct_reducer;

/// Meets the other processes at `host:port`, where rank 0 listens, and connects to them. NULL on failure.
ct_group ct_group_join(const char *host, uint16_t port, int32_t rank, int32_t size, int64_t timeout_milliseconds);
void ct_group_release(ct_group group);

// All processes call these in the same order; each waits until it is done.

/// Sum over the processes, in place.
bool ct_group_all_reduce(ct_group group, ct_tensor tensor);
/// Sum over the processes, of which the gradient is the sum of gradients over the processes.
bool ct_group_sum(ct_group group, ct_tensor tensor, ct_tensor *result);
/// Process `root`'s values, in place.
bool ct_group_broadcast(ct_group group, ct_tensor tensor, int32_t root);
/// Every process's tensor; `results` has room for as many as there are processes, and shapes are all the same.
bool ct_group_all_gather(ct_group group, ct_tensor tensor, ct_tensor *results);
bool ct_group_barrier(ct_group group);

/// From now on `backward` averages the gradients of these leaves over the processes, bucket by bucket.
///
/// `find_unused` looks in every graph for leaves that take no part, which otherwise make the processes wait for ever.
ct_reducer ct_reducer_make(
    ct_group group, const ct_tensor *parameters, size_t count, int64_t bucket_bytes, bool find_unused);
void ct_reducer_release(ct_reducer reducer);
/// Before each forward pass whose gradients are averaged.
bool ct_reducer_begin_forward(ct_reducer reducer);
/// After it, with its outputs; without this call the next `backward` only accumulates.
bool ct_reducer_begin_backward(ct_reducer reducer, const ct_tensor *outputs, size_t count);

#ifdef __cplusplus
}
#endif
#endif
