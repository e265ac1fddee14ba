#include "data/labelled/cifar.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "base/one_line.h"
#include "data/labelled/labelled_data.h"
#include "data/labelled/labelled_limits.h"

namespace shadenet {

namespace {

constexpr std::uint32_t cifar_side = 32;

/// The number of "data_batch_3.bin".
std::optional<std::uint32_t> batch_number(std::string_view name) {
    constexpr std::string_view before = "data_batch_", after = ".bin";
    if (!name.starts_with(before) || !name.ends_with(after)) return std::nullopt;
    name.remove_prefix(before.size());
    name.remove_suffix(std::min(after.size(), name.size()));
    return number_in<std::uint32_t>(name);
}

/// Files of one part, in their order.
using CifarFiles = std::vector<fs::path>;

CifarFiles training_files(const fs::path& folder, const std::set<std::string>& names) {
    std::vector<std::pair<std::uint32_t, std::string>> batches;
    for (const std::string& name : names) {
        if (const auto number = batch_number(name)) batches.emplace_back(*number, name);
    }
    std::ranges::sort(batches);
    if (!batches.empty() && names.contains("train.bin")) {
        throw InputError(fmt::format("{}: has both train.bin and {}; keep one data set in a folder",
                                     folder.string(), batches.front().second));
    }
    CifarFiles files;
    for (const auto& [number, name] : batches) files.push_back(folder / name);
    if (names.contains("train.bin")) files.push_back(folder / "train.bin");
    if (files.empty()) {
        throw InputError(fmt::format(
            "{}: has no batch to train with (data_batch_1.bin or train.bin); put it there", folder.string()));
    }
    return files;
}

CifarFiles test_files(const fs::path& folder, const std::set<std::string>& names) {
    CifarFiles files;
    for (const char* name : {"test_batch.bin", "test.bin"}) {
        if (names.contains(name)) files.push_back(folder / name);
    }
    if (files.size() > 1) {
        throw InputError(fmt::format(
            "{}: has both test_batch.bin and test.bin; keep one data set in a folder", folder.string()));
    }
    return files;
}

std::uint64_t size_in_bytes(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error) throw InputError(fmt::format("{}: cannot read: {}", file.string(), error.message()));
    return size;
}

std::uint64_t size_in_bytes(const CifarFiles& files) {
    std::uint64_t bytes = 0;
    for (const fs::path& file : files) bytes += size_in_bytes(file);
    return bytes;
}

/// The record that a file's size tells of.
CifarRecord record_of(const fs::path& file, bool named_as_cifar_100) {
    const CifarRecord ten{.labels = 1}, hundred{.labels = 2};
    const std::uint64_t size = size_in_bytes(file);
    const bool may_be_ten = size > 0 && size % ten.bytes() == 0,
               may_be_hundred = size > 0 && size % hundred.bytes() == 0;
    if (may_be_ten && may_be_hundred) return named_as_cifar_100 ? hundred : ten;
    if (may_be_ten || may_be_hundred) return may_be_ten ? ten : hundred;
    throw InputError(
        fmt::format("{}: its {} bytes are no multiple of {} (CIFAR-10) or {} (CIFAR-100): it is truncated or "
                    "something else; get it again",
                    file.string(), size, ten.bytes(), hundred.bytes()));
}

LabelledPictures read_cifar_part(const CifarFiles& files, const CifarRecord& record,
                                 const std::atomic<bool>* stop) {
    LabelledPictures pictures{{1, 3, cifar_side, cifar_side}, {}, {}, {}};
    pictures.levels.reserve(size_in_bytes(files));
    for (const fs::path& file : files) {
        append_cifar(read_file(file, most_labelled_bytes_here()), file, record, pictures, stop);
    }
    return pictures;
}

/// The lines of a file that are not empty; none where there is no such file.
std::vector<std::string> class_lines(const fs::path& file, std::uint32_t classes) {
    constexpr std::uint64_t most_bytes = 1 << 16;
    std::vector<std::string> lines;
    if (!is_there(file)) return lines;
    const std::vector<std::byte> bytes = read_file(file, most_bytes);
    for (std::string_view text = text_of(bytes); !text.empty();) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (!line.empty()) lines.push_back(on_one_line(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (lines.size() != classes) {
        throw InputError(fmt::format("{}: names {} classes, and the labels are of {}; get it again",
                                     file.string(), lines.size(), classes));
    }
    return lines;
}

std::vector<std::string> class_names(const fs::path& folder, const CifarRecord& record) {
    const char* file = record.labels == 1 ? "batches.meta.txt"
                       : record.coarse    ? "coarse_label_names.txt"
                                          : "fine_label_names.txt";
    std::vector<std::string> names = class_lines(folder / file, record.classes());
    for (std::uint32_t c = 0; names.size() < record.classes(); ++c) names.push_back(fmt::to_string(c));
    return names;
}

}  // namespace

void append_cifar(std::span<const std::byte> file, const fs::path& path, const CifarRecord& record,
                  LabelledPictures& pictures, const std::atomic<bool>* stop) {
    if (file.empty() || file.size() % record.bytes() != 0) {
        throw InputError(fmt::format("{}: its {} bytes are no multiple of the {} of a picture; get it again",
                                     path.string(), file.size(), record.bytes()));
    }
    const std::string name = path.filename().string();
    for (std::size_t i = 0; i < file.size() / record.bytes(); ++i) {
        throw_if_stopped(stop);
        const std::span<const std::byte> one = file.subspan(i * record.bytes(), record.bytes());
        for (std::uint32_t k = 0; k < record.labels; ++k) {
            const auto label = std::to_integer<std::uint32_t>(one[k]);
            if (label < record.classes_at(k)) continue;
            throw InputError(fmt::format("{}: the label {} of picture {} is out of range: there are 0 to {}",
                                         path.string(), label, i, record.classes_at(k) - 1));
        }
        pictures.labels.push_back(std::to_integer<std::uint32_t>(one[record.label_index()]));
        pictures.names.push_back(fmt::format("{} {}", name, i));
        for (const std::byte level : one.subspan(record.labels)) {
            pictures.levels.push_back(std::to_integer<std::uint8_t>(level));
        }
    }
}

bool is_cifar_name(const std::string& name) {
    return batch_number(name) || name == "train.bin" || name == "test.bin" || name == "test_batch.bin";
}

LabelledData read_cifar_folder(const fs::path& folder, const std::set<std::string>& names,
                               const LabelledOptions& options) {
    const CifarFiles training = training_files(folder, names), test = test_files(folder, names);
    const bool named_as_100 = names.contains("train.bin");
    CifarRecord record = record_of(training.front(), named_as_100);
    for (const CifarFiles* files : {&training, &test}) {
        for (const fs::path& file : *files) {
            if (record_of(file, named_as_100).labels == record.labels) continue;
            throw InputError(fmt::format(
                "{} and {}: one is of CIFAR-10, and the other of CIFAR-100; keep one data set in a folder",
                training.front().string(), file.string()));
        }
    }
    if (options.coarse && record.labels == 1) {
        throw InputError(
            fmt::format("{}: is CIFAR-10, which has no coarse classes; leave --coarse out", folder.string()));
    }
    record.coarse = options.coarse;
    const std::uint64_t bytes = size_in_bytes(training) + size_in_bytes(test);
    check_labelled_size(folder.string(), bytes / record.bytes(), bytes);
    LabelledData data;
    data.classes = class_names(folder, record);
    data.training = read_cifar_part(training, record, options.stop);
    if (!test.empty()) data.test = read_cifar_part(test, record, options.stop);
    return data;
}

}  // namespace shadenet
