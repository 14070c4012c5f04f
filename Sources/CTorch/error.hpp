// Turning C++ exceptions into a false result plus a message.
#pragma once

#include <string>

namespace ctorch {

/// Keeps the first line of `message` as this thread's last error.
void setError(const char *message) noexcept;

/// Must be called inside a catch block: keeps the message of the exception in flight.
void setErrorFromCurrentException() noexcept;

/// Runs `body`; false when it threw, with the reason kept for `ct_last_error`.
template <typename Body>
bool guarded(Body &&body) noexcept {
    try {
        body();
        return true;
    } catch (...) {
        setErrorFromCurrentException();
        return false;
    }
}

} // namespace ctorch
