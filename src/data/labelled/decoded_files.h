// The pictures of class folders, decoded.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/labelled/class_files.h"
#include "data/labelled/picture_rule.h"

namespace shadenet {

struct DecodedFiles {
    std::vector<std::uint8_t> levels;  ///< [file][c][h][w], zero where a file cannot be read
    std::vector<std::string> errors;   ///< [file], empty where it could be read
    bool grey = true;                  ///< the channels of each picture are the same
    std::size_t with_alpha = 0;
};

/// Decodes all files in a few threads; the result does not depend on how many. `input` has three channels.
/// Throws Stopped.
DecodedFiles decode_files(const ClassFiles& part, const ClassifierInput& input,
                          const std::atomic<bool>* stop);

}  // namespace shadenet
