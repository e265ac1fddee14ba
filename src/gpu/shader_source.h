// Where compiled shaders come from: the program itself, or a developer's folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace shadenet {

/// The SPIR-V of `shader`: `<name>.spv` in the folder that the environment variable SHADENET_SHADER_DIR
/// names, if it is set and the file is there, else the one built in. Throws InputError for a file that is no
/// SPIR-V, and WorkError when there is no such shader at all.
std::vector<std::uint32_t> shader_code(const std::string& shader);

}  // namespace shadenet
