// LibTorch carries Gloo inside but not its headers, which c10d's header of `ProcessGroupGloo` includes. That class holds
// Gloo's objects by pointer only; these are the declarations its inline functions mention.
#pragma once

#include <chrono>

namespace gloo {

class Context {
public:
    void setTimeout(std::chrono::milliseconds timeout);
};

} // namespace gloo
