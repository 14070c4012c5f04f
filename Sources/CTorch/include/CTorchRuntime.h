#ifndef CTORCH_RUNTIME_H
#define CTORCH_RUNTIME_H

#include "CTorchTypes.h"

#ifdef __cplusplus
extern "C" {
#endif

/// libtorch's version, "2.13.0".
const char *ct_version(void);

int ct_thread_count(void);
bool ct_set_thread_count(int count);
int ct_interop_thread_count(void);
/// Only possible before the first parallel work.
bool ct_set_interop_thread_count(int count);

/// Seeds the default generators of all devices.
bool ct_manual_seed(uint64_t seed);

/// A generator of its own on the CPU.
bool ct_generator_create(uint64_t seed, ct_generator *result);
bool ct_generator_set_seed(ct_generator generator, uint64_t seed);
void ct_generator_release(ct_generator generator);

/// Operators without a deterministic implementation fail instead of running.
bool ct_set_deterministic(bool deterministic);

/// Whether the oneDNN kernels may be used on the CPU.
bool ct_set_onednn_enabled(bool enabled);

/// Memory of tensors that are let go of stays in the process for the next ones, where the C library can be told so.
void ct_keep_freed_memory(void);

/// Whether this libtorch was built with the device type and the machine has one.
bool ct_device_available(int32_t device_type);

#ifdef __cplusplus
}
#endif
#endif
