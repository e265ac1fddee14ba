#include "export/local_filter.h"

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

void require_local_filter(const Model& model, const std::string& source, const char* holder) {
    try {
        if (!model.classes.names.empty()) throw InputError("it tells the classes of pictures and makes none");
        require_keeps_pictures(model.network);
        receptive_radius(model.network);  // throws for strides
    } catch (const InputError& error) {
        throw InputError(
            fmt::format("{}: {}, which {} holds; export it as .onnx", source, error.what(), holder));
    }
}

}  // namespace shadenet
