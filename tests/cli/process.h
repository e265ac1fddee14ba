// Runs a program as its users do: another process, with its exit code and what it wrote.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "../image/picture_files.h"

namespace shadenet::test {

using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

struct Outcome {
    int exit_code = -1;  ///< 128 + n when signal n ended it
    std::string out, err;
};

/// A running program. Its output goes to files, so that it never waits for us.
class Process {
  public:
    /// `environment` is added to ours. stdout goes to the file `out` when that is not empty.
    Process(const Arguments& command, const Environment& environment = {}, const std::string& out = "");
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    /// What it has written to stdout so far.
    std::string output() const;
    /// And to stderr.
    std::string messages() const;
    /// Fails the test and ends the program when it takes longer than `seconds`: where every shader is
    /// compiled anew, a slow machine needs some minutes.
    Outcome wait(int seconds = 300);

  private:
    TemporaryFolder folder_;
    std::filesystem::path out_;
    pid_t child_ = -1;
};

/// `shadenet` and its arguments.
Arguments as_command(Arguments arguments);

/// Waits for `condition`, which another process brings about; throws when it takes longer than a minute.
template <class Condition>
void wait_until(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("waited in vain");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// `shadenet` with these arguments.
Outcome run_shadenet(const Arguments& arguments, const Environment& environment = {},
                     const std::string& out = "");

std::string read_text(const std::filesystem::path& path);

/// Lines of stderr that report an error.
std::size_t error_lines(const Outcome& outcome);

}  // namespace shadenet::test
