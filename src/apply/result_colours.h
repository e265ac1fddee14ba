// In which colours a result is.
#pragma once

#include <string>
#include <vector>

#include "image/picture_file.h"
#include "model/model_colours.h"

namespace shadenet {

/// Of a picture that was filtered: where the model learned from pairs with one profile, it keeps its own;
/// where their profiles differ, it gets the targets'. Returns notes on the result, in words that follow its
/// name: one where the picture's profile is not the profile of the model's training inputs, and one where the
/// file cannot hold the targets' profile.
std::vector<std::string> give_colours(FilePicture& picture, const ModelColours& model);

}  // namespace shadenet
