#include "CTorchDistributed.h"
#include "error.hpp"
#include "handles.hpp"

#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>

using ctorch::borrow;
using ctorch::guarded;

struct ct_group_opaque {
    c10::intrusive_ptr<c10d::ProcessGroup> group;
};

struct ct_reducer_opaque {
    std::shared_ptr<c10d::Reducer> reducer;
    bool find_unused;
};

namespace {

void finish(const c10::intrusive_ptr<c10d::Work> &work) {
    if (work) work->wait();
}

at::Tensor summed(const c10::intrusive_ptr<c10d::ProcessGroup> &group, const at::Tensor &tensor) {
    std::vector<at::Tensor> tensors{tensor.clone(at::MemoryFormat::Contiguous)};
    finish(group->allreduce(tensors));
    return tensors[0];
}

/// A sum over processes is linear, and every process's loss depends on every process's input: gradients are summed too.
struct SumOverProcesses : torch::autograd::Function<SumOverProcesses> {
    static at::Tensor forward(
        torch::autograd::AutogradContext *context, const at::Tensor &tensor,
        const c10::intrusive_ptr<c10d::ProcessGroup> &group) {
        context->saved_data["group"] = group;
        return summed(group, tensor);
    }

    static torch::autograd::variable_list backward(
        torch::autograd::AutogradContext *context, torch::autograd::variable_list gradients) {
        auto group = context->saved_data["group"].toCustomClass<c10d::ProcessGroup>();
        return {summed(group, gradients[0]), at::Tensor()};
    }
};

std::vector<at::Tensor> borrowAll(const ct_tensor *handles, size_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (size_t i = 0; i < count; i++) result.push_back(borrow(handles[i]));
    return result;
}

} // namespace

ct_group ct_group_join(const char *host, uint16_t port, int32_t rank, int32_t size, int64_t timeout_milliseconds) {
    ct_group result = nullptr;
    guarded([&] {
        auto timeout = std::chrono::milliseconds(timeout_milliseconds);
        c10d::TCPStoreOptions options;
        options.port = port;
        options.isServer = rank == 0;
        options.numWorkers = static_cast<std::size_t>(size);
        options.timeout = timeout;
        auto store = c10::make_intrusive<c10d::TCPStore>(host, options);
        auto group = c10::make_intrusive<c10d::ProcessGroup>(store, rank, size);
        auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(
            store, rank, size, c10d::ProcessGroupGloo::Options::create_default(timeout));
        gloo->setSequenceNumberForGroup();
        group->setBackend(c10::DeviceType::CPU, c10d::ProcessGroup::BackendType::GLOO, gloo);
        group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
        result = new ct_group_opaque{group};
    });
    return result;
}

void ct_group_release(ct_group group) {
    guarded([&] { delete group; });
}

bool ct_group_all_reduce(ct_group group, ct_tensor tensor) {
    return guarded([&] {
        std::vector<at::Tensor> tensors{borrow(tensor)};
        finish(group->group->allreduce(tensors));
    });
}

bool ct_group_sum(ct_group group, ct_tensor tensor, ct_tensor *result) {
    return guarded([&] { *result = ctorch::give(SumOverProcesses::apply(borrow(tensor), group->group)); });
}

bool ct_group_broadcast(ct_group group, ct_tensor tensor, int32_t root) {
    return guarded([&] {
        std::vector<at::Tensor> tensors{borrow(tensor)};
        c10d::BroadcastOptions options;
        options.rootRank = root;
        finish(group->group->broadcast(tensors, options));
    });
}

bool ct_group_all_gather(ct_group group, ct_tensor tensor, ct_tensor *results) {
    return guarded([&] {
        std::vector<at::Tensor> inputs{borrow(tensor).contiguous()};
        std::vector<std::vector<at::Tensor>> outputs(1);
        for (int i = 0; i < group->group->getSize(); i++) outputs[0].push_back(at::empty_like(inputs[0]));
        finish(group->group->allgather(outputs, inputs));
        for (size_t i = 0; i < outputs[0].size(); i++) results[i] = ctorch::give(outputs[0][i]);
    });
}

bool ct_group_barrier(ct_group group) {
    return guarded([&] { finish(group->group->barrier()); });
}

ct_reducer ct_reducer_make(
    ct_group group, const ct_tensor *parameters, size_t count, int64_t bucket_bytes, bool find_unused) {
    ct_reducer result = nullptr;
    guarded([&] {
        auto tensors = borrowAll(parameters, count);
        c10d::verify_params_across_processes(group->group, tensors, std::nullopt);
        std::vector<bool> sparse(count, false);
        // The first bucket is small so that the first exchange starts early; buckets are in the order of backward.
        auto first = static_cast<int64_t>(c10d::kDefaultFirstBucketBytes);
        auto buckets = std::get<0>(c10d::compute_bucket_assignment_by_size(
            tensors, {static_cast<size_t>(first), static_cast<size_t>(bucket_bytes)}, sparse));
        std::reverse(buckets.begin(), buckets.end());
        auto reducer = std::make_shared<c10d::Reducer>(
            tensors, buckets, group->group, sparse, bucket_bytes, find_unused,
            /*gradient_as_bucket_view=*/false, std::unordered_map<size_t, std::string>(), first,
            /*skip_all_reduce_unused_params=*/false, /*use_python_reducer=*/false, std::vector<int64_t>());
        result = new ct_reducer_opaque{reducer, find_unused};
    });
    return result;
}

void ct_reducer_release(ct_reducer reducer) {
    guarded([&] { delete reducer; });
}

bool ct_reducer_begin_forward(ct_reducer reducer) {
    return guarded([&] {
        reducer->reducer->prepare_for_forward();
        reducer->reducer->rebuild_buckets();
    });
}

bool ct_reducer_begin_backward(ct_reducer reducer, const ct_tensor *outputs, size_t count) {
    return guarded([&] {
        reducer->reducer->prepare_for_backward(
            reducer->find_unused ? borrowAll(outputs, count) : std::vector<at::Tensor>());
    });
}
