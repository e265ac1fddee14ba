// The format: https://github.com/huggingface/safetensors, section "Format".
#include "model/safetensors.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t max_header = std::uint64_t{16} << 20;
constexpr std::uint64_t max_file = std::uint64_t{1} << 30;

/// Empty when the product does not fit.
std::optional<std::uint64_t> checked_product(const std::vector<std::uint64_t>& factors,
                                             std::uint64_t product) {
    for (const std::uint64_t factor : factors) {
        if (factor != 0 && product > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
        product *= factor;
    }
    return product;
}

/// Throws unless the tensor's bytes are inside the `size` there are, begin at `expected`, and are as many as
/// its shape asks for.
void check_range(const TensorEntry& tensor, std::uint64_t expected, std::uint64_t size,
                 const std::string& source) {
    const auto fail = [&](const std::string& what) {
        throw InputError(
            fmt::format("{}: the tensor {} {}; the file is damaged", source, in_quotes(tensor.name), what));
    };
    if (tensor.begin > tensor.end || tensor.end > size) {
        fail(fmt::format("has the bytes {} to {}, and there are {}", tensor.begin, tensor.end, size));
    }
    if (tensor.begin != expected) {
        fail(fmt::format("begins at byte {}, and the one before it ends at {}", tensor.begin, expected));
    }
    const auto needed = checked_product(tensor.shape, width(tensor.dtype));
    if (needed != tensor.end - tensor.begin) {
        fail(fmt::format("of shape [{}] has {} bytes", fmt::join(tensor.shape, ","),
                         tensor.end - tensor.begin));
    }
}

/// The header's text. Throws InputError when it is not inside the file, or the file is of another kind.
std::string_view header_text(std::span<const std::byte> bytes, const std::string& source) {
    const auto fail = [&](const std::string& what) { throw InputError(fmt::format("{}: {}", source, what)); };
    const bool begins = bytes.size() > length_bytes && bytes[length_bytes] == std::byte{'{'};
    std::uint64_t length = 0;
    if (begins) std::memcpy(&length, bytes.data(), length_bytes);
    if (!begins || length > max_header) {
        const std::string kind = wrong_kind(bytes, FileUse::model, source);
        if (!kind.empty()) fail(kind);
    }
    if (!begins) fail("is no safetensors file; give a model.safetensors as `shadenet train` writes it");
    if (length > max_header) {
        fail(
            fmt::format("asks for a header of {} bytes, and at most {} are read; the file is damaged or no "
                        "model of this program",
                        length, max_header));
    }
    if (length > bytes.size() - length_bytes) {
        fail(fmt::format("is cut off: its header has {} bytes, and there are {}; copy or download it again",
                         length, bytes.size() - length_bytes));
    }
    return {reinterpret_cast<const char*>(bytes.data()) + length_bytes, static_cast<std::size_t>(length)};
}

/// The header for `file`, its tensors one after the other.
SafeTensorsHeader header_of(const SafeTensors& file) {
    SafeTensorsHeader header{file.metadata, {}};
    std::set<std::string_view> names = {"__metadata__"};
    std::uint64_t position = 0;
    for (const SafeTensor& tensor : file.tensors) {
        if (!names.insert(tensor.name).second) {
            throw std::invalid_argument(fmt::format("the name {} is taken", in_quotes(tensor.name)));
        }
        if (checked_product(tensor.shape, width(tensor.dtype)) != tensor.bytes.size()) {
            throw std::invalid_argument(fmt::format("the tensor {} of shape [{}] has {} bytes",
                                                    in_quotes(tensor.name), fmt::join(tensor.shape, ","),
                                                    tensor.bytes.size()));
        }
        const std::uint64_t end = position + tensor.bytes.size();
        header.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, position, end});
        position = end;
    }
    return header;
}

std::string header_text(const SafeTensors& file, const std::filesystem::path& path) {
    const SafeTensorsHeader header = header_of(file);
    try {
        return safetensors_header_text(header);
    } catch (const std::exception&) {
        throw WorkError(fmt::format("{}: cannot write a tensor name or metadata that is not UTF-8; rename it",
                                    path.string()));
    }
}

}  // namespace

std::uint64_t SafeTensor::values() const {
    return bytes.size() / width(dtype);
}
std::vector<float> SafeTensor::as_floats() const {
    return to_floats(dtype, bytes);
}
std::vector<double> SafeTensor::as_doubles() const {
    return to_doubles(dtype, bytes);
}

SafeTensor SafeTensor::floats(std::string name, std::vector<std::uint64_t> shape,
                              std::span<const float> values) {
    if (checked_product(shape, 1) != values.size()) {
        throw std::invalid_argument(fmt::format("the tensor {} of shape [{}] is given {} values",
                                                in_quotes(name), fmt::join(shape, ","), values.size()));
    }
    const auto bytes = std::as_bytes(values);
    return {std::move(name), DType::f32, std::move(shape), {bytes.begin(), bytes.end()}};
}

const SafeTensor* SafeTensors::find(std::string_view name) const {
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const SafeTensor& tensor) { return tensor.name == name; });
    return found == tensors.end() ? nullptr : &*found;
}

SafeTensors parse_safetensors(std::span<const std::byte> bytes, const std::string& source) {
    const std::string_view text = header_text(bytes, source);
    SafeTensorsHeader header = parse_safetensors_header(text, source);
    const auto by_range = [](const TensorEntry& a, const TensorEntry& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    };
    std::stable_sort(header.tensors.begin(), header.tensors.end(), by_range);

    const std::span<const std::byte> data = bytes.subspan(length_bytes + text.size());
    std::uint64_t position = 0;
    for (const TensorEntry& tensor : header.tensors) {
        check_range(tensor, position, data.size(), source);
        position = tensor.end;
    }
    if (position != data.size()) {
        throw InputError(
            fmt::format("{}: has {} bytes of data, and its tensors end at {}; the file is damaged", source,
                        data.size(), position));
    }
    SafeTensors file{std::move(header.metadata), {}};
    for (TensorEntry& tensor : header.tensors) {
        const auto range = data.subspan(tensor.begin, tensor.end - tensor.begin);
        file.tensors.push_back(
            {std::move(tensor.name), tensor.dtype, std::move(tensor.shape), {range.begin(), range.end()}});
    }
    return file;
}

std::vector<std::byte> read_safetensors_bytes(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        throw InputError(fmt::format("{}: is a folder; give the model.safetensors in it", path.string()));
    }
    return read_file(path, max_file);
}

SafeTensors read_safetensors(const std::filesystem::path& path) {
    return parse_safetensors(read_safetensors_bytes(path), path.string());
}

void write_safetensors(const std::filesystem::path& path, const SafeTensors& file) {
    const std::string text = header_text(file, path);
    const std::uint64_t length = text.size();
    std::vector<std::byte> bytes(length_bytes + text.size());
    std::memcpy(bytes.data(), &length, length_bytes);
    std::memcpy(bytes.data() + length_bytes, text.data(), text.size());
    for (const SafeTensor& tensor : file.tensors) {
        bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
    }
    write_file_atomically(path, bytes);
}

}  // namespace shadenet
