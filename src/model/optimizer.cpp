#include "model/optimizer.h"

#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

/// In the order of OptimizerKind.
constexpr std::array<const char*, 4> optimizer_names = {"adam", "amsgrad", "momentum", "sgd"};

}  // namespace

OptimizerKind optimizer_kind(const std::string& text) {
    for (std::uint32_t kind = 0; kind < optimizer_names.size(); ++kind) {
        if (text == optimizer_names[kind]) return static_cast<OptimizerKind>(kind);
    }
    throw InputError(
        fmt::format("optimizer {} is not known; use adam, amsgrad, momentum or sgd", in_quotes(text)));
}

std::string to_string(OptimizerKind kind) {
    return optimizer_names.at(static_cast<std::uint32_t>(kind));
}

}  // namespace shadenet
