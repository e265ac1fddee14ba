// Training runs that an independent framework recorded, to compare this program's training with.
// tests/golden/README.md and tests/golden_networks/README.md describe the files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/optimizer.h"
#include "model/parameters.h"
#include "model/safetensors.h"

namespace shadenet {

struct GoldenRun {
    std::string name;
    Network network;
    OptimizerOptions optimizer;  ///< with the default constants; the files give the kind and the rate
    std::size_t steps = 0;       ///< all with the full batch
    std::vector<float> rates;    ///< [steps], the learning rate of each
    std::uint64_t seed = 0;      ///< of dropout's masks
    Shape shape;                 ///< of input
    Shape output_shape;          ///< of target and eval_output
    std::vector<float> input;
    std::vector<float> target;          ///< for the mean squared error; else empty
    std::vector<std::uint32_t> labels;  ///< for the cross-entropy, below the output's channels; else empty
    Parameters init;                    ///< before the first step
    Parameters gradient;                ///< of the first step, trainable tensors only
    std::vector<double> losses;         ///< [steps], each from before its update
    std::vector<double> correct;        ///< [steps], right answers in the step's own output; with labels only
    std::vector<Parameters> moving;     ///< [steps], the moving statistics after each step, if any
    Parameters final;                   ///< after the last step
    std::vector<float> eval_output;  ///< inference of `input` with `final`, not clamped; with labels logits
};

/// Throws InputError "<source>: ..." for a missing tensor or entry, a wrong shape, or a non-finite value.
/// `source` also names the run where its metadata has no "case".
GoldenRun load_golden(const SafeTensors& file, const std::string& source);

/// The runs inside the program, sorted by name.
std::vector<GoldenRun> built_in_golden();
/// The runs of tests/golden_networks likewise.
std::vector<GoldenRun> built_in_golden_networks();

/// Every *.safetensors of `folder`, sorted by name. Throws InputError when there is none or one is malformed.
std::vector<GoldenRun> golden_of(const std::filesystem::path& folder);

}  // namespace shadenet
