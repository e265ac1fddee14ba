#include "cli/given_model.h"

#include <fmt/format.h>

#include "base/error.h"
#include "cli/help.h"

namespace shadenet {

namespace {

PixelRange range_of_flag(const std::string& text) {
    try {
        return pixel_range(text);
    } catch (const InputError& error) {
        throw InputError(fmt::format("--{}", error.what()));
    }
}

}  // namespace

void add_range_flag(CLI::App& command, std::string& range) {
    add_valued(command, "--range", range, "black and white, to a model of another program [0..1]",
               "LOW..HIGH");
}

Model read_given_model(const std::string& path, const std::string& range) {
    return given_model(read_safetensors(path), path, range);
}

Model given_model(const SafeTensors& file, const std::string& path, const std::string& range) {
    std::optional<PixelRange> given;
    if (!range.empty()) given = range_of_flag(range);
    Model model = model_from(file, path, given);
    if (given && model.network.range != *given) {
        throw InputError(fmt::format("{}: its pixels are in {}, as the file says; leave --range out", path,
                                     to_string(model.network.range)));
    }
    return model;
}

void use_statistics(Model& model, const std::string& name, const std::string& path) {
    if (name.empty()) return;
    if (!has_norm(model.network)) {
        throw InputError(
            fmt::format("{}: its network has no batch norm, and so no statistics; leave --stats out", path));
    }
    model.parameters = with_statistics(model.parameters, set_named(model.sets, name, path));
}

}  // namespace shadenet
