// How far the device may be from float64: every tolerance by name, with its reason.
#pragma once

#include <limits>

namespace shadenet::check {

/// A value may be off by absolute + of_element·|expected| + of_largest·(the largest |expected| of its
/// tensor), and the tensor as a whole by an NMSE of `nmse`, which is Σ(actual − expected)²/Σ expected².
struct Tolerance {
    const char* name;
    double nmse;
    double absolute, of_element, of_largest;
};

namespace tolerance {

/// For tolerances that bound each value only. Compared with <=, so that NaN still fails.
inline constexpr double any_nmse = std::numeric_limits<double>::infinity();

/// For copies, sums of two values, and sums of small integers times 0.5: at most one rounding.
inline constexpr Tolerance exact{"exact", 0, 0, 0, 0};

/// Results of one kernel. Float32 rounds by 6e-8 of a value; sums of a few thousand terms, and Vulkan's 2.5
/// units for a division, stay well inside 1e-5 of the tensor's largest value.
inline constexpr Tolerance forward{"forward", 1e-10, 0, 0, 1e-5};

/// Means of a batch's values, whose largest deviation is given: a mean may be next to 0 by chance, and
/// rounding is that of the values.
constexpr Tolerance mean(double deviation) {
    return {"mean", any_nmse, forward.of_largest * deviation, 0, forward.of_largest};
}

/// Activations. Vulkan lets exp be off by 3 + 2|x| units, so that tanh = 1 − 2/(e²ˣ + 1) is off by at most
/// some 2e-6 of its value. Its slope 1 − y² can be near 0, hence the absolute part.
inline constexpr Tolerance elementwise{"elementwise", any_nmse, 1e-6, 4e-6, 0};

/// Gradients: sums over all pixels, whose terms cancel, and whole networks, where rounding adds up from layer
/// to layer.
inline constexpr Tolerance gradient{"gradient", 1e-8, 0, 0, 1e-4};

/// Gradients that cancel to zero, such as of a bias that reaches a norm through other layers: float64 leaves
/// 1e-17 and float32 1e-8 of them, both small beside gradients of 1e-2.
inline constexpr Tolerance vanishing{"vanishing gradient", any_nmse, 1e-6, 0, 0};
/// The same where the terms that cancel may be as large as the network's largest gradient, above 1.
constexpr Tolerance vanishing_among(double largest) {
    return {vanishing.name, vanishing.nmse, vanishing.absolute * (largest > 1 ? largest : 1), 0, 0};
}

/// The same for a tensor with so much rounding noise (see check/network_data.h): sums round after
/// every term, which comes to several roundings of the tensors alone.
constexpr Tolerance with_noise(Tolerance tolerance, double noise, double largest) {
    constexpr double roundings = 16;
    tolerance.absolute += roundings * noise;
    if (roundings * noise > tolerance.of_largest * largest) tolerance.nmse = any_nmse;
    return tolerance;
}

/// Two plans against each other, each with its own rounding. A shift before a norm changes the loss only at a
/// picture's border; the stack plan's gradient of it on a full picture is off by 5e-8, the fused plan's
/// by a hundredth of that.
inline constexpr Tolerance between_plans{"between plans", any_nmse, 2e-7, 0, 1e-4};

/// A loss, a mean of squares: nothing cancels, so that the sum is nearly as exact as its terms.
inline constexpr Tolerance loss{"loss", any_nmse, 0, 1e-6, 0};

/// The moments of optimizers. β₂ = 0.999 is a float32, which leaves 1 − β₂ off by 1.3e-5; the bias correction
/// has the same error, and takes it out of the step again.
inline constexpr Tolerance optimizer_state{"optimizer state", 1e-9, 0, 0, 1e-4};

/// Parameters and moving statistics along and after a golden run. Adam turns a rounding error of 1e-9 in a
/// gradient that is truly zero into a step of a tenth of the learning rate: the tolerance allows for almost
/// none of these.
inline constexpr Tolerance golden_parameters{"golden parameters", any_nmse, 1e-4, 0, 0};

/// Inference after a golden run: the effect of the tolerance of the parameters on a pixel.
inline constexpr Tolerance golden_output{"golden output", any_nmse, 1e-3, 0, 0};

}  // namespace tolerance

}  // namespace shadenet::check
