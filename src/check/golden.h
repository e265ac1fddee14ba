// Training runs that an independent framework recorded, to compare this program's training with.
// tests/golden/README.md describes the files.
#pragma once

#include <cstddef>
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
    Shape shape;                 ///< of input, target and eval_output
    std::vector<float> input, target;
    Parameters init;                 ///< before the first step
    Parameters gradient;             ///< of the first step, trainable tensors only
    std::vector<double> losses;      ///< [steps], each from before its update
    std::vector<Parameters> moving;  ///< [steps], the moving statistics after each step, if any
    Parameters final;                ///< after the last step
    std::vector<float> eval_output;  ///< inference of `input` with `final`, not clamped
};

/// Throws InputError "<source>: ..." for a missing tensor or entry, a wrong shape, or a non-finite value.
/// `source` also names the run where its metadata has no "case".
GoldenRun load_golden(const SafeTensors& file, const std::string& source);

/// The runs inside the program, sorted by name.
std::vector<GoldenRun> built_in_golden();

/// Every *.safetensors of `folder`, sorted by name. Throws InputError when there is none or one is malformed.
std::vector<GoldenRun> golden_of(const std::filesystem::path& folder);

}  // namespace shadenet
