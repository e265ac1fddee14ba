// The command line `shadenet`: parses, runs one command, and turns its outcome into an exit code.
#pragma once

namespace shadenet {

/// 0: done. 1: work that began and failed. 2: a flag, picture, model or device that cannot be used.
/// 130: stopped by Ctrl-C, with everything saved. An error is one line on stderr, "shadenet: error: ...".
int run_program(int argc, char** argv);

}  // namespace shadenet
