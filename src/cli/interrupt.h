// Ctrl-C, and being told to end.
#pragma once

#include <atomic>

namespace shadenet {

/// True once SIGINT or SIGTERM has come, which from this call on no longer ends the program. A second signal
/// does, at once.
const std::atomic<bool>& stop_on_interrupt();

}  // namespace shadenet
