#include <csignal>

#include "cli/commands.h"

namespace shadenet {

namespace {

std::atomic<bool> interrupted = false;
std::atomic<int> first_signal = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may write to them");

void remember(int number) {
    int none = 0;
    first_signal.compare_exchange_strong(none, number);
    interrupted = true;
}

extern "C" void on_interrupt(int number) {
    remember(number);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

void stop_on(int number, void (*handler)(int)) {
    if (std::signal(number, handler) == SIG_IGN) std::signal(number, SIG_IGN);
}

#ifdef SIGHUP
extern "C" void on_hangup(int number) {
    remember(number);
}
#endif

}  // namespace

const std::atomic<bool>& stop_on_interrupt() {
    // Once: after a first signal the second is to end the program.
    static bool is_armed = false;
    if (std::exchange(is_armed, true)) return interrupted;
    stop_on(SIGINT, on_interrupt);
    stop_on(SIGTERM, on_interrupt);
#ifdef SIGHUP
    stop_on(SIGHUP, on_hangup);
#endif
    return interrupted;
}

int exit_after_interrupt() {
    return 128 + first_signal;
}

}  // namespace shadenet
