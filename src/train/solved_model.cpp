#include "train/solved_model.h"

#include <fmt/format.h>

namespace shadenet {

std::optional<Model> solved_model(const RunPaths& run, const SafeTensors& checkpoint) {
    const auto step = checkpoint.metadata.find("step");
    if (step == checkpoint.metadata.end() || !is_there(run.model())) return {};
    Model model = read_model(run.model());
    if (!model.solved || step->second != fmt::format("{}", model.solved->step)) return {};
    return model;
}

}  // namespace shadenet
