#include "CTorchRuntime.h"
#include "error.hpp"
#include "handles.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/headeronly/version.h>

#include <stdexcept>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

using ctorch::guarded;

const char *ct_version(void) { return TORCH_VERSION; }

int ct_thread_count(void) { return at::get_num_threads(); }

bool ct_set_thread_count(int count) {
    return guarded([&] {
        if (count < 1) throw std::invalid_argument("the number of threads must be at least 1");
        at::set_num_threads(count);
    });
}

int ct_interop_thread_count(void) { return static_cast<int>(at::get_num_interop_threads()); }

bool ct_set_interop_thread_count(int count) {
    return guarded([&] {
        if (count < 1) throw std::invalid_argument("the number of threads must be at least 1");
        at::set_num_interop_threads(count);
    });
}

bool ct_manual_seed(uint64_t seed) {
    return guarded([&] { at::manual_seed(seed); });
}

bool ct_generator_create(uint64_t seed, ct_generator *result) {
    return guarded([&] {
        auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
        *result = reinterpret_cast<ct_generator>(generator.unsafeReleaseGeneratorImpl());
    });
}

bool ct_generator_set_seed(ct_generator generator, uint64_t seed) {
    return guarded([&] {
        auto value = ctorch::borrow(generator);
        std::lock_guard<std::mutex> lock(value.mutex());
        value.set_current_seed(seed);
    });
}

void ct_generator_release(ct_generator generator) {
    guarded([&] {
        c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(reinterpret_cast<c10::GeneratorImpl *>(generator));
    });
}

bool ct_set_deterministic(bool deterministic) {
    return guarded([&] { at::globalContext().setDeterministicAlgorithms(deterministic, false); });
}

bool ct_set_onednn_enabled(bool enabled) {
    return guarded([&] { at::globalContext().setUserEnabledMkldnn(enabled); });
}

void ct_keep_freed_memory(void) {
#if defined(__GLIBC__)
    // 32 MiB is the most glibc takes; above it every tensor is mapped and cleared anew.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 2000 << 20);
#endif
}

bool ct_device_available(int32_t device_type) {
    bool result = false;
    guarded([&] {
        switch (static_cast<c10::DeviceType>(device_type)) {
        case c10::DeviceType::CPU:
        case c10::DeviceType::Meta: result = true; break;
        case c10::DeviceType::CUDA: result = at::hasCUDA() && at::detail::getCUDAHooks().deviceCount() > 0; break;
        case c10::DeviceType::MPS: result = at::hasMPS(); break;
        default: result = false;
        }
    });
    return result;
}
