// model.safetensors: a network and its numbers in one file, with PyTorch's names, so that it loads there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/model_classes.h"
#include "model/model_colours.h"
#include "model/named_statistics.h"
#include "model/network.h"
#include "model/parameters.h"
#include "model/safetensors.h"

namespace shadenet {

/// What is known of a last layer that was solved after training.
struct SolvedLayer {
    std::uint64_t step;  ///< of training, after which it was
    std::string gain;    ///< in words
};

struct Model {
    Network network;
    Parameters parameters;
    std::vector<NamedStatistics> sets{};  ///< for other kinds of pictures, each of another name
    std::optional<std::uint64_t>
        norm_updates{};     ///< steps that moved the moving statistics, all with `decay`; not known of all
    bool debiased = false;  ///< its moving statistics have nothing of their start
    bool frozen = false;    ///< training ended with them in the place of the batches'
    std::optional<SolvedLayer> solved{};
    ModelColours colours{};            ///< of the pictures it learned from
    ModelClasses classes{};            ///< that it tells; none of a filter
    bool assumed = false;              ///< its file, of another program, did not tell all of it
    std::vector<std::string> notes{};  ///< what was assumed, or passed over in the file, one line each
};

/// The parameters of `network` out of `file` (its names prefixed by `prefix`). The γ or β that a norm has
/// not may be missing. Throws InputError for another missing tensor, a wrong shape, a non-finite value or a
/// negative variance. Other tensors are ignored: PyTorch's num_batches_tracked, a checkpoint's optimizer
/// state.
Parameters parameters_from(const SafeTensors& file, const Network& network, const std::string& source,
                           const std::string& prefix = "");
/// Appends every tensor to `file`.
void append(SafeTensors& file, const Parameters& parameters);

/// The network is the metadata's (network_metadata.h). Where that is missing or only a part, it is inferred
/// from tensors with PyTorch's names (foreign_model.h), and the model's notes say what was assumed; `range`
/// is then taken for the network's where the metadata has none. The sets come sorted by name out of the
/// metadata's entries "statistics.<name>" (statistics_text.h). Throws InputError
/// "<source>: ..." for anything but such a model.
Model model_from(const SafeTensors& file, const std::string& source,
                 const std::optional<PixelRange>& range = {});
Model read_model(const std::filesystem::path& path, const std::optional<PixelRange>& range = {});
/// Atomic; throws WorkError.
void write_model(const std::filesystem::path& path, const Model& model);

}  // namespace shadenet
