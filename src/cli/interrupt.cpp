#include <chrono>
#include <csignal>
#include <cstdint>

#include "cli/commands.h"

namespace shadenet {

namespace {

std::atomic<bool> interrupted = false;
std::atomic<int> first_signal = 0;
std::atomic<std::int64_t> first_time = 0;  ///< in milliseconds; 0 before it
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
                  std::atomic<std::int64_t>::is_always_lock_free,
              "a signal handler may write to them");

void remember(int number) {
    int none = 0;
    first_signal.compare_exchange_strong(none, number);
    interrupted = true;
}

std::int64_t milliseconds_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// One wish to stop can come as several signals: `timeout` sends one to the program and one to its group.
constexpr std::int64_t of_one_wish = 1000;  // milliseconds

extern "C" void on_interrupt(int number) {
    std::signal(number, on_interrupt);  // some systems take it back
    std::int64_t first = 0;             // becomes the first signal's time where there was one
    const std::int64_t now = milliseconds_now();
    if (!first_time.compare_exchange_strong(first, now) && now - first > of_one_wish) {
        std::signal(number, SIG_DFL);
        std::raise(number);
        return;
    }
    remember(number);
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
