// Models that others wrote: safetensors files with PyTorch's tensors, and without this program's metadata.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/presets.h"
#include "model/safetensors.h"

namespace shadenet {

/// What the tensors of a file say of the network they belong to.
struct InferredNetwork {
    NetworkOptions options;                    ///< what tensors cannot tell is the default
    std::map<std::string, std::string> names;  ///< those of tensor_specs() to the file's, where it has them
    std::vector<std::string> modules;  ///< the file's names of conv1, bn1, conv2, bn2; or of the convs
};

/// Finds conv1, bn1, conv2 and bn2 among the tensors, whatever their modules are called: a convolution has a
/// weight of four dimensions, a batch norm a running_mean, and their channels tell the first from the second,
/// or, where all are 3, the natural order of their names. A convolution may lack its bias, and a norm its
/// weight and bias; num_batches_tracked is ignored. Throws InputError "<source>: ..." for any other set of
/// tensors.
InferredNetwork infer_network(const SafeTensors& file, const std::string& source);

/// What is said aloud of such a network, one line each. `modules` are InferredNetwork's, and `options` what
/// the network has now: `metadata` may hold some of to_metadata()'s keys, and what it settles is not said to
/// be assumed.
std::vector<std::string> notes_on_inferred(const NetworkOptions& options,
                                           const std::map<std::string, std::string>& metadata,
                                           const std::vector<std::string>& modules);

}  // namespace shadenet
