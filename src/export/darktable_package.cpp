#include "export/darktable_package.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "export/local_filter.h"
#include "export/onnx.h"
#include "export/zip_file.h"

namespace shadenet {

std::string no_package_name_reason(const std::string& name) {
    const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    if (name.find_first_not_of(allowed) != name.npos)
        return "has signs other than letters, digits, -, _ and .";
    if (name.find("..") != name.npos || name.starts_with('.')) return "has .. in it, or begins with a dot";
    return "";
}

std::string darktable_package(const Model& model, const std::string& name, const std::string& version,
                              const std::string& source) {
    require_local_filter(model, source, "no package of darktable");
    const std::uint32_t radius = receptive_radius(model.network);
    if (radius > darktable_overlap) {
        throw InputError(
            fmt::format("{}: looks at {} pixels to each side, and darktable's tiles overlap by {}; export it "
                        "as .onnx",
                        source, radius, darktable_overlap));
    }
    const nlohmann::ordered_json config = {
        {"id", name},
        {"name", name},
        {"description", "a filter learned from pictures before and after it"},
        {"task", "denoise"},
        {"arch", "shadenet"},
        {"backend", "onnx"},
        {"version", "1.0"},  // of the model; darktable looks for updates by it
        {"tiling", true},
        {"model_card",
         {{"scope", "learned filter"},
          {"notes",
           fmt::format("exported by shadenet {}; looks at {} pixels to each side", version, radius)}}}};
    const OnnxOptions options{.fold = true, .version = version};
    return zip_file({{name + "/config.json", config.dump(4) + "\n"},
                     {name + "/model.onnx", onnx_model(model, options, source)}});
}

}  // namespace shadenet
