// Ctrl-C, being told to end, and a terminal that goes away.
#pragma once

#include <atomic>

namespace shadenet {

/// True once SIGINT, SIGTERM or SIGHUP has come, which from this call on no longer end the program. A second
/// SIGINT or SIGTERM does, at once; SIGHUP, which comes along with others, does not. A signal that is ignored
/// already, as after nohup, stays so.
const std::atomic<bool>& stop_on_interrupt();

/// What a program ends with that such a signal has stopped: 128 and the signal's number, as shells say it.
int exit_after_interrupt();

}  // namespace shadenet
