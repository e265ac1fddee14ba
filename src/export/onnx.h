// A model as a file of ONNX, which runtimes and converters of other programs read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/model_file.h"

namespace shadenet {

inline constexpr int onnx_operator_set = 17;

struct OnnxOptions {
    struct Size {
        std::uint32_t height, width;
    };
    std::optional<Size> size{};  ///< one picture of this size; without it, any number of any size
    bool fold = false;           ///< norms become parts of the layers before them, where they can
    std::string version{};       ///< of this program
};

/// The bytes of the file. Its input is `input` [batch,channels,height,width], red, green and blue of 0..1 (or
/// grey). Its output is `output`, not clamped and 0..1 too, or, of a model that tells classes, `logits`
/// [batch,classes]. Norms have their moving statistics, dropout is left out, and where pictures are continued
/// beyond their edges a Pad does that. Its metadata are those of a model file about network and classes, and
/// `input`, `output` and `norms` in words. Throws InputError "<source>: ..." where the network takes no
/// pictures of that size.
std::string onnx_model(const Model& model, const OnnxOptions& options, const std::string& source);

}  // namespace shadenet
