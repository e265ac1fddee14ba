// Runs a program on a terminal, as its users do.
#pragma once

#include <cstddef>
#include <string>

#include <sys/types.h>

#include "process.h"

namespace shadenet::test {

class TerminalProcess {
  public:
    /// Its stdin, stdout and stderr are a terminal of this size. `environment` is added to ours.
    TerminalProcess(const Arguments& command, std::size_t columns, std::size_t rows,
                    const Environment& environment = {{"TERM", "xterm"}});
    ~TerminalProcess();
    TerminalProcess(const TerminalProcess&) = delete;
    TerminalProcess& operator=(const TerminalProcess&) = delete;

    /// As a key that is pressed: "\x03" is Ctrl-C.
    void type(const std::string& keys) const;
    void resize(std::size_t columns, std::size_t rows) const;
    /// Until it has written `text` behind the first `begin` letters; throws when it ends or hangs before.
    void read_until(const std::string& text, std::size_t begin = 0);
    /// Closes the terminal, as its window does, and waits for the program to end by itself; returns the same.
    int hang_up();
    /// Reads to the end, and returns the exit code, or 128 + n when signal n ended it.
    int wait();
    /// All that was written and read so far.
    const std::string& text() const { return text_; }

  private:
    bool read_more();
    int reap();

    int terminal_ = -1;
    pid_t child_ = -1;
    std::string text_;
};

}  // namespace shadenet::test
