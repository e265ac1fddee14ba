// That the ranks of a job work on the same.
#pragma once

#include <string>

#include "data/labelled_pictures.h"
#include "group/group.h"

namespace shadenet {

/// A hash of what rank 0 has, to be compared on every rank; empty for a process alone, which needs none.
std::string model_id(const Group& group, const std::string& path);
/// Of the pictures and their labels.
std::string labelled_id(const Group& group, const LabelledPictures& pictures);

/// Of another rank: throws InputError "<path>: ..." where rank 0 has others.
void require_same_model(const Group& group, const std::string& path, const std::string& id_of_leader);
void require_same_labelled(const Group& group, const LabelledPictures& pictures, const std::string& path,
                           const std::string& id_of_leader);

}  // namespace shadenet
