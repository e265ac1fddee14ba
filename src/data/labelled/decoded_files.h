// The pictures of class folders, decoded.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/labelled/class_files.h"
#include "data/labelled/picture_rule.h"
#include "data/labelled_pictures.h"

namespace shadenet {

struct DecodedFiles {
    std::vector<std::uint8_t> levels;  ///< [file][c][h][w], zero where a file cannot be read
    std::vector<std::string> errors;   ///< [file], empty where it could be read
    bool grey = true;                  ///< the channels of each picture are the same
    std::size_t with_alpha = 0, with_floats = 0;
};

/// Decodes all files in a few threads; the result does not depend on how many. `input` has three channels.
/// Throws Stopped.
DecodedFiles decode_files(const ClassFiles& part, const ClassifierInput& input,
                          const std::atomic<bool>* stop);

/// The pictures that could be read, with the first `channels` of their three; `name_of` names a file's
/// picture.
LabelledPictures readable_pictures(const ClassFiles& part, DecodedFiles decoded, const ClassifierInput& input,
                                   std::uint32_t channels,
                                   const std::function<std::string(const std::filesystem::path&)>& name_of);

}  // namespace shadenet
