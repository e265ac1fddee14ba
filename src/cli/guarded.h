// From what a program is called with to its exit code.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace shadenet {

/// Runs the parser, which runs the commands. False when it was help or the version that was asked for, which
/// are written. Flags that are not known, and values that no flag takes, become an InputError.
bool parse(CLI::App& program, int argc, char** argv);

/// Runs `work` and turns what it throws into an exit code and a line on standard error.
int guarded(const std::function<int()>& work);

}  // namespace shadenet
