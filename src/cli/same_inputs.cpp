#include "cli/same_inputs.h"

#include <span>

#include <fmt/format.h>

#include "base/error.h"
#include "base/sha256.h"
#include "model/safetensors.h"

namespace shadenet {

std::string model_id(const Group& group, const std::string& path) {
    return group.is_alone() ? "" : sha256(read_safetensors_bytes(path));
}

std::string labelled_id(const Group& group, const LabelledPictures& pictures) {
    if (group.is_alone()) return "";
    return sha256(std::as_bytes(std::span(pictures.levels))) +
           sha256(std::as_bytes(std::span(pictures.labels)));
}

void require_same_model(const Group& group, const std::string& path, const std::string& id_of_leader) {
    if (model_id(group, path) == id_of_leader) return;
    throw InputError(fmt::format("{}: is another model than that of rank 0; give all ranks the same", path));
}

void require_same_labelled(const Group& group, const LabelledPictures& pictures, const std::string& path,
                           const std::string& id_of_leader) {
    if (labelled_id(group, pictures) == id_of_leader) return;
    throw InputError(
        fmt::format("{}: holds other pictures than those of rank 0; give all ranks the same", path));
}

}  // namespace shadenet
