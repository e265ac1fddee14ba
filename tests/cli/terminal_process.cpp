#include "terminal_process.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shadenet::test {

namespace {

/// As the leader of a session, to whom the terminal's keys send signals.
void run_on(int terminal, const Arguments& command, const Environment& environment) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(number, SIG_DFL);
    if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) != 0) _exit(126);
    for (int stream = 0; stream <= 2; ++stream) {
        if (dup2(terminal, stream) < 0) _exit(126);
    }
    execv(arguments[0], arguments.data());
    _exit(127);
}

}  // namespace

TerminalProcess::TerminalProcess(const Arguments& command, std::size_t columns, std::size_t rows,
                                 const Environment& environment)
    : terminal_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (terminal_ < 0 || grantpt(terminal_) != 0 || unlockpt(terminal_) != 0) {
        throw std::runtime_error("no terminal is to be had");
    }
    resize(columns, rows);
    // Open before there is a reader, to whom a terminal that no one has open would be at its end.
    const int other_end = open(ptsname(terminal_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    child_ = other_end < 0 ? -1 : fork();
    if (child_ < 0) throw std::runtime_error("cannot start a program on a terminal");
    if (child_ == 0) run_on(other_end, command, environment);
    close(other_end);
}

TerminalProcess::~TerminalProcess() {
    if (child_ > 0) {
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
    }
    if (terminal_ >= 0) close(terminal_);
}

void TerminalProcess::type(const std::string& keys) const {
    if (::write(terminal_, keys.data(), keys.size()) < 0) throw std::runtime_error("cannot type");
}

void TerminalProcess::resize(std::size_t columns, std::size_t rows) const {
    winsize size{};
    size.ws_col = static_cast<unsigned short>(columns);
    size.ws_row = static_cast<unsigned short>(rows);
    if (ioctl(terminal_, TIOCSWINSZ, &size) != 0) throw std::runtime_error("cannot resize");
}

/// False at the end: reading fails once no process has the terminal open any more.
bool TerminalProcess::read_more() {
    constexpr int five_minutes = 300'000;
    pollfd ready{terminal_, POLLIN, 0};
    if (poll(&ready, 1, five_minutes) <= 0) throw std::runtime_error("the program hangs");
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(terminal_, bytes.data(), bytes.size());
    if (count > 0) text_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

void TerminalProcess::read_until(const std::string& text, std::size_t begin) {
    while (text_.find(text, begin) == std::string::npos) {
        if (!read_more()) throw std::runtime_error("the program did not write \"" + text + "\":\n" + text_);
    }
}

int TerminalProcess::hang_up() {
    close(terminal_);
    terminal_ = -1;
    return reap();
}

int TerminalProcess::wait() {
    while (read_more()) {
    }
    return reap();
}

int TerminalProcess::reap() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace shadenet::test
