// IDX files, in which MNIST and Fashion-MNIST come.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "data/labelled_pictures.h"

namespace shadenet {

struct LabelledOptions;

/// Grey pictures of one size.
struct IdxPictures {
    std::uint32_t count = 0, height = 0, width = 0;
    std::vector<std::uint8_t> levels;  ///< [count][height][width]
};

/// `file` is a whole file, plain or compressed by gzip: two zero bytes, 8 (unsigned bytes), the number of
/// dimensions, their extents as big-endian words, then the values and nothing else. Messages call it `name`.
/// Nothing is inflated beyond what the header promises, and no memory is asked for that the file cannot
/// fill. `held`: bytes of other pictures that count with these. Throws InputError for a file that is not
/// this, or not of three dimensions; Stopped; `stop` may be null.
IdxPictures read_idx_pictures(std::span<const std::byte> file, const std::string& name,
                              const std::atomic<bool>* stop, std::uint64_t held = 0);
/// The same of one dimension.
std::vector<std::uint8_t> read_idx_labels(std::span<const std::byte> file, const std::string& name,
                                          const std::atomic<bool>* stop);

/// Whether a file of the name is one of MNIST's four: "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
/// "t10k-...", also with a dot before "idx", and with ".gz".
bool is_idx_name(const std::string& name);

/// The files of these names in a folder; of a plain and a compressed one the plain. Classes are "0" to the
/// largest label of the training part. Throws InputError where a file is missing or wrong, pictures and
/// labels differ in number, the test part has pictures of another size or labels that training lacks, or not
/// half of the labels up to the largest occur.
LabelledData read_idx_folder(const std::filesystem::path& folder, const std::set<std::string>& names,
                             const LabelledOptions& options);

}  // namespace shadenet
