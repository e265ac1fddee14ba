// In which colours a result is.
#pragma once

#include <string>
#include <vector>

#include "image/picture_file.h"
#include "model/model_colours.h"

namespace shadenet {

/// Of a picture that was filtered: where the model learned from pairs with one profile, it keeps its own;
/// where their profiles differ, it gets the targets'. Returns what is to be said, in words that follow the
/// result's name: that its picture's profile was not that of the pictures that the model learned from, and
/// that its new one cannot be kept.
std::vector<std::string> give_colours(FilePicture& picture, const ModelColours& model);

}  // namespace shadenet
