#include "process.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catch.h"
#include "places.h"

namespace shadenet::test {

namespace {

void redirect(int stream, const std::string& path) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, stream) < 0) _exit(126);
    close(file);
}

}  // namespace

Process::Process(const Arguments& command, const Environment& environment, const std::string& out)
    : out_(out.empty() ? (folder_ / "out").string() : out) {
    const std::string err = (folder_ / "err").string();
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("cannot fork");
    if (child_ > 0) return;
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    // Signals that our caller ignores, as shells do for what runs in the background, would stay ignored.
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(number, SIG_DFL);
    redirect(STDOUT_FILENO, out_.string());
    redirect(STDERR_FILENO, err);
    execv(arguments[0], arguments.data());
    _exit(127);
}

Process::~Process() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
}

void Process::signal(int number) const {
    if (child_ > 0) kill(child_, number);
}

std::string Process::output() const {
    return read_text(out_);
}

std::string Process::messages() const {
    return read_text(folder_ / "err");
}

Outcome Process::wait(int seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    int status = 0;
    while (waitpid(child_, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the program hangs");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    child_ = -1;
    const bool regular = std::filesystem::is_regular_file(out_);
    const Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                          regular ? output() : "", messages()};
    // What a validation layer says is a failure, whatever the program was begun for.
    CHECK_THAT(outcome.err, !ContainsSubstring(": validation: "));
    return outcome;
}

Arguments as_command(Arguments arguments) {
    arguments.insert(arguments.begin(), shadenet_program());
    return arguments;
}

Outcome run_shadenet(const Arguments& arguments, const Environment& environment, const std::string& out) {
    return Process(as_command(arguments), environment, out).wait();
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::size_t error_lines(const Outcome& outcome) {
    std::istringstream lines(outcome.err);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) count += line.starts_with("shadenet: error: ") ? 1 : 0;
    return count;
}

}  // namespace shadenet::test
