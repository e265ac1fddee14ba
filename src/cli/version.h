// What --version says.
#pragma once

#include <string>

namespace shadenet {

/// "shadenet 0.1.0", and lines with the commit that it was built of and the libraries that are in it.
std::string version_text();

}  // namespace shadenet
