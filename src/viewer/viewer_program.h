// shadenet-viewer from its arguments to its exit code.
#pragma once

namespace shadenet {

int run_viewer_program(int argc, char** argv);

}  // namespace shadenet
