// Small data sets in the formats that labelled pictures come in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../../image/picture_files.h"
#include "base/error.h"
#include "data/labelled/labelled_data.h"

namespace shadenet::test {

/// An IDX file of unsigned bytes.
Bytes idx_file(const std::vector<std::uint32_t>& extents, const Bytes& values);

/// The bytes as one member of a gzip file.
Bytes gzip(const Bytes& bytes);

Bytes joined(Bytes first, const Bytes& second);
/// The bytes without the last ones.
Bytes without_end(Bytes bytes, std::size_t count);

/// Levels that differ: 7, 14, 21, ... modulo 256.
Bytes counting_levels(std::size_t count);

/// MNIST's two files of a part ("train", "t10k") with pictures of 2 rows and 3 columns.
void write_idx_part(const std::filesystem::path& folder, const std::string& part, const Bytes& labels);

/// A record of a CIFAR file: the labels, then 3,072 levels from `first` on.
Bytes cifar_record(const Bytes& labels, std::uint8_t first);

/// A PNG of one colour.
Bytes png_of(std::uint32_t width, std::uint32_t height, std::uint8_t r, std::uint8_t g, std::uint8_t b);

/// Makes the file's folder, too.
void write_in(const std::filesystem::path& path, const Bytes& bytes);

/// The message of the InputError that reading the folder throws; one line.
inline std::string refusal_of(const std::filesystem::path& folder) {
    return message_of<InputError>([&] { read_labelled_data(folder, {}); });
}

}  // namespace shadenet::test
