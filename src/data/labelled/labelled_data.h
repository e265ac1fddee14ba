// Reading the labelled pictures of a folder, whichever of the three ways they are stored in.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "data/labelled/picture_rule.h"
#include "data/labelled_pictures.h"

namespace shadenet {

struct LabelledOptions {
    /// CIFAR-100's twenty coarse classes, not its hundred fine ones.
    bool coarse = false;
    /// Class folders: the side of the squares that pictures become. None: their own size, if all have the
    /// same and it has at most 128 pixels a side; else 64.
    std::optional<std::uint32_t> size{};
    /// Class folders, in place of `size`: what pictures become. Other data is as it is stored.
    std::optional<ClassifierInput> as{};
    const std::atomic<bool>* stop = nullptr;  ///< ends the reading soon after it becomes true
};

/// What a folder holds, known by the names of its files, then by their content:
/// - IDX, as MNIST and Fashion-MNIST come: see idx.h;
/// - binary batches, as CIFAR-10 and CIFAR-100 come: see cifar.h;
/// - a folder of pictures for each class: see class_folders.h.
/// At least two classes, at most 1,000; more limits are in labelled_limits.h. Pictures of IDX and CIFAR are
/// as they are stored. Throws InputError, one line, when the folder holds none of these or what it holds is
/// wrong; Stopped.
LabelledData read_labelled_data(const std::filesystem::path& folder, const LabelledOptions& options);

/// SHA-256 of the shapes, levels, labels and classes: tells whether a run goes on with the same data. Names
/// and notes do not count.
std::string data_hash(const LabelledData& data);

}  // namespace shadenet
