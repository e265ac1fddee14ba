// The colour space of a result.
#pragma once

#include <string>
#include <vector>

#include "image/picture_file.h"
#include "model/model_colours.h"

namespace shadenet {

/// Sets the profile of a filtered picture: if inputs and targets of the model's training had the same
/// profile, it keeps its own, else it gets the targets' profile. Returns notes that follow the result's name:
/// one if the picture's profile is not the profile of the training inputs, and one if the file cannot hold
/// the targets' profile.
std::vector<std::string> give_colours(FilePicture& picture, const ModelColours& model);

}  // namespace shadenet
