// The libraries that read and write pictures, for people who report a fault.
#pragma once

#include <string>
#include <vector>

namespace shadenet {

/// "libtiff 4.5.0" and so on: the loaded libraries' versions; of a library that does not tell its own, the
/// version that this was compiled with.
std::vector<std::string> image_libraries();

}  // namespace shadenet
