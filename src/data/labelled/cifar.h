// Binary batches, in which CIFAR-10 and CIFAR-100 come.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>

#include "data/labelled_pictures.h"

namespace shadenet {

struct LabelledOptions;

/// What stands before the 3 x 32 x 32 levels of a picture: a byte for each labelling.
struct CifarRecord {
    std::uint32_t labels = 1;  ///< 1: CIFAR-10; 2: CIFAR-100, coarse and then fine
    bool coarse = false;       ///< the first of two is the label
    std::size_t bytes() const { return labels + std::size_t{3} * 32 * 32; }
    /// So many classes the labelling at `index` has.
    std::uint32_t classes_at(std::uint32_t index) const { return labels == 1 ? 10 : index == 0 ? 20 : 100; }
    std::uint32_t label_index() const { return labels == 2 && !coarse ? 1 : 0; }
    std::uint32_t classes() const { return classes_at(label_index()); }
};

/// Adds a file's pictures to those of other files. `file` is the whole file, called `path` in messages; its
/// name and the number in it are the pictures' names. Throws InputError when the size is no multiple of the
/// record's, or a label is out of range; Stopped; `stop` may be null.
void append_cifar(std::span<const std::byte> file, const std::filesystem::path& path,
                  const CifarRecord& record, LabelledPictures& pictures, const std::atomic<bool>* stop);

/// Whether a file of the name is one of theirs: "data_batch_<number>.bin", "test_batch.bin", "train.bin",
/// "test.bin".
bool is_cifar_name(const std::string& name);

/// The files of these names in a folder: data_batch_*.bin in the order of their numbers or train.bin for
/// training, the others for test. All must be of one record, which their sizes tell, or the names where they
/// fit both. Classes are those of batches.meta.txt, fine_label_names.txt or coarse_label_names.txt, or
/// numbers. Throws InputError as append_cifar(), and where files do not belong together.
LabelledData read_cifar_folder(const std::filesystem::path& folder, const std::set<std::string>& names,
                               const LabelledOptions& options);

}  // namespace shadenet
