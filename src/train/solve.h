// The last layer of a trained network, solved: for given features its weights are a least-squares problem,
// whose solution no number of steps can better.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

class Device;
class PictureSet;

/// What is solved: a trained network, and the pairs that it has learned from.
struct SolveProblem {
    const Network& network;
    const Parameters& parameters;
    const PictureSet& training;
    const PictureSet* validation = nullptr;  ///< null where there are none
    bool frozen = false;  ///< its norms use the moving statistics in training too, and keep them
};

struct SolveOptions {
    const std::atomic<bool>* stop = nullptr;  ///< ends the work soon after it becomes true
    std::function<void(std::uint32_t done, std::uint32_t all)> on_progress{};  ///< in parts of the work
};

struct Solution {
    double trained = 0, solved = 0;  ///< loss in inference before and after, on what is left out; of 0..1
    std::string left;                ///< "2 pictures left out", "the validation pictures"
    bool kept = false;               ///< it is better
    Parameters parameters;           ///< the solved ones where it is kept, else as trained
};

/// Sets the moving statistics of the norms before the last convolution to the exact ones over the training
/// pictures, unless they are frozen; its weights and bias to those with the least mean squared error of the
/// network's result, held near the trained ones by a ridge; and of a norm behind it mean, variance, β and γ
/// such that it changes nothing, so that training and inference agree. Validation pictures, or a part of the
/// training pictures that is left out, tell how strong the ridge is best, and whether the whole is better;
/// where it is, that part is then solved on too, since each picture counts where they are few. Of large
/// pictures or many, parts are looked at, most_solve_pixels in all. The same bits for the same problem on a
/// device. The ranks of the pictures' shares call it together with the same problem, and look at their own
/// pairs; another rank than 0 gives no options, and tells nobody what it gets.
///
/// Nothing where it cannot be solved, and `why_not` then says so in one line: the network does not end in a
/// convolution, which a norm with β and γ and an addition of the input may follow; or its numbers are not
/// finite; or the device cannot hold what is needed. Nothing too, and no `why_not`, if it was stopped. Throws
/// DeviceLost.
std::optional<Solution> solve_last_layer(const Device& device, const SolveProblem& problem,
                                         std::string& why_not, const SolveOptions& options = {});

/// "0.000123 in place of 0.00015 on 2 pictures left out".
std::string solution_text(const Solution& solution);
/// What is said of a model with such a last layer: "the last layer: 0.000123 in place of ...".
std::string solved_line(const std::string& solution_text);
/// The same, or that it stays as trained.
std::string solved_line(const Solution& solution);

}  // namespace shadenet
