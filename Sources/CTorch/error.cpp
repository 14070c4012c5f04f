#include "error.hpp"
#include "CTorchTypes.h"

#include <c10/util/Exception.h>

#include <exception>

namespace ctorch {

namespace {

thread_local std::string lastError;

} // namespace

void setError(const char *message) noexcept {
    try {
        std::string text(message);
        // libtorch appends where it was thrown, and schema dumps, on further lines.
        if (auto end = text.find('\n'); end != std::string::npos) text.resize(end);
        lastError = std::move(text);
    } catch (...) {
        lastError.clear(); // Out of memory: a failure without its reason is all there is.
    }
}

void setErrorFromCurrentException() noexcept {
    try {
        throw;
    } catch (const c10::Error &error) {
        setError(error.what_without_backtrace());
    } catch (const std::bad_alloc &) {
        setError("out of memory");
    } catch (const std::exception &error) {
        setError(error.what());
    } catch (...) {
        setError("unknown C++ exception");
    }
}

} // namespace ctorch

const char *ct_last_error(void) { return ctorch::lastError.c_str(); }
