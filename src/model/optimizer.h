// Which rule moves the parameters, and its constants. Plain data: the rules run on the device, and in float64
// in the reference.
#pragma once

#include <cstdint>
#include <string>

#include "model/known_word.h"

namespace shadenet {

/// With g the gradient, p a parameter, t the step counted from 1:
/// adam      m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², p −= lr · (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
/// amsgrad   as adam, with the largest v of all steps so far in v's place
/// momentum  v = momentum·v + g, p −= lr·v
/// sgd       p −= lr·g
/// Weights of convolutions and dense layers have D·p added to what is multiplied by lr, with p from before
/// the step: weight decay that does not enter m and v (Loshchilov & Hutter 2019, "Decoupled weight decay
/// regularization").
enum class OptimizerKind : std::uint32_t { adam, amsgrad, momentum, sgd };

/// The constants beside the rate are the usual ones: Kingma & Ba's for adam, 0.9 for momentum.
struct OptimizerOptions {
    OptimizerKind kind = OptimizerKind::adam;
    float learning_rate = 0.01f;
    float beta1 = 0.9f;
    float beta2 = 0.999f;
    float epsilon = 1e-8f;
    float momentum = 0.9f;
    float weight_decay = 0;  ///< D
    bool operator==(const OptimizerOptions&) const = default;
};

inline constexpr auto optimizer_words = words_of<OptimizerKind>("adam", "amsgrad", "momentum", "sgd");
inline std::string to_string(OptimizerKind kind) {
    return optimizer_words[kind];
}
/// Throws InputError for any other word.
inline OptimizerKind optimizer_kind(const std::string& text) {
    return known_word(optimizer_words, "optimizer", text);
}

}  // namespace shadenet
