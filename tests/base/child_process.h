// Processes for one test, where possible as containers have them: each the first of a namespace of its own.
#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#include <sys/prctl.h>
#endif

namespace shadenet::test {

/// Whether we may make namespaces of processes. Without them the tests have common processes, which tell the
/// most of it.
inline bool has_namespaces() {
#ifdef __linux__
    const pid_t child = fork();
    if (child == 0) _exit(unshare(CLONE_NEWPID | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0 ? 0 : 1);
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
#else
    return false;
#endif
}

/// Waits for `condition`, which another process brings about.
inline void wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// Does its work in another process, whose exit code it is. The work must not use Catch2, nor return by
/// an exception.
class ChildProcess {
  public:
    ChildProcess(bool own_namespace, const std::function<int()>& work) {
        child_ = fork();
        if (child_ < 0) throw std::runtime_error("cannot fork");
        if (child_ > 0) return;
#ifdef __linux__
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (own_namespace && unshare(CLONE_NEWPID | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0) {
            const pid_t first = fork();
            if (first == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                _exit(work());
            }
            int status = 1;
            waitpid(first, &status, 0);
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
        }
#else
        static_cast<void>(own_namespace);
#endif
        _exit(work());
    }
    ~ChildProcess() {
        if (child_ > 0) kill();
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// The first process of a namespace dies a little later than this returns.
    void kill() {
        ::kill(child_, SIGKILL);
        wait();
    }
    int wait() {
        int status = 0;
        waitpid(child_, &status, 0);
        child_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t child_ = -1;
};

}  // namespace shadenet::test
