// The libraries that read and write pictures, for people who report a fault.
#pragma once

#include <string>
#include <vector>

namespace shadenet {

/// "libtiff 4.5.0" and so on: those that are loaded, or where a library does not tell, those that were there
/// when this was compiled.
std::vector<std::string> image_libraries();

}  // namespace shadenet
