// The pictures that a classifier takes for something else, as files of the run folder: they can be looked at
// without the data set.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "data/labelled_pictures.h"
#include "task/test_results.h"

namespace shadenet {

/// So many of the worst mistakes become pictures.
inline constexpr std::size_t most_mistake_pictures = 48;

/// "mistake_17.png" in `images`, by the picture's number in the test part: a file that an earlier test left
/// is never that of another picture.
std::filesystem::path mistake_picture(const std::filesystem::path& images, const Mistake& mistake);

/// All that are in the folder, of this test or of an earlier one.
std::vector<std::filesystem::path> mistake_pictures_in(const std::filesystem::path& images);

/// Writes those of the worst mistakes as the network saw them, and makes the folder where there are any;
/// removes those of an earlier test. `pictures`: the test part, of 1 or 3 channels. Throws WorkError.
void write_mistake_pictures(const std::filesystem::path& images, const TestResults& results,
                            const LabelledPictures& pictures);

}  // namespace shadenet
