#include "data/labelled/idx.h"

#include <array>
#include <new>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/file_kind.h"
#include "data/labelled/labelled_limits.h"
#include "data/labelled/stored_bytes.h"

namespace shadenet {

namespace {

constexpr std::uint8_t idx_bytes = 0x08;  // the type of unsigned bytes

const char* idx_type(std::uint8_t type) {
    switch (type) {
        case 0x09:
            return "signed bytes";
        case 0x0b:
            return "16-bit integers";
        case 0x0c:
            return "32-bit integers";
        case 0x0d:
            return "32-bit floats";
        case 0x0e:
            return "64-bit floats";
        default:
            return "values of a type that IDX does not have";
    }
}

[[noreturn]] void refuse_idx(const std::string& name, const std::string& why) {
    throw InputError(fmt::format("{}: {}", name, why));
}

void check_magic(const StoredBytes& file, std::span<const std::uint8_t> magic) {
    if (magic.size() < 4) {
        refuse_idx(file.name(), fmt::format("is no IDX file: it holds only {} bytes", magic.size()));
    }
    if (magic[0] != 0 || magic[1] != 0) {
        const auto kind = kind_of(std::as_bytes(magic));
        refuse_idx(file.name(),
                   kind
                       ? fmt::format("is {}, and no IDX file; get it again", kind->name)
                       : fmt::format("is no IDX file: it begins with {:02x}, not with 00 00 08; get it again",
                                     fmt::join(magic, " ")));
    }
    if (magic[2] != idx_bytes) {
        refuse_idx(file.name(),
                   fmt::format("holds {}, and only unsigned bytes are read", idx_type(magic[2])));
    }
}

[[noreturn]] void refuse_dimensions(const std::string& name, unsigned found, unsigned wanted) {
    if (found == 1 || (found == 3 && wanted == 1)) {
        refuse_idx(name, fmt::format("holds {} where {} are expected; were two files exchanged?",
                                     found == 1 ? "labels" : "pictures", found == 1 ? "pictures" : "labels"));
    }
    if (found == 4 && wanted == 3) {
        refuse_idx(name,
                   "has four dimensions, and of IDX only grey pictures (count, rows, columns) are read; "
                   "store colour ones as picture files, in a folder for each class");
    }
    refuse_idx(name,
               fmt::format("has {} dimensions, and {} expected", found, wanted == 1 ? "1 is" : "3 are"));
}

/// The extents of so many dimensions.
std::vector<std::uint32_t> read_extents(StoredBytes& file, unsigned dimensions) {
    std::array<std::uint8_t, 4> word{};
    check_magic(file, std::span(word).first(file.read(word)));
    if (word[3] != dimensions) refuse_dimensions(file.name(), word[3], dimensions);
    std::vector<std::uint32_t> extents;
    while (extents.size() < dimensions) {
        if (file.read(word) < word.size()) refuse_idx(file.name(), "ends within its header; copy it again");
        extents.push_back(std::uint32_t{word[0]} << 24U | std::uint32_t{word[1]} << 16U |
                          std::uint32_t{word[2]} << 8U | word[3]);
    }
    return extents;
}

/// The values, of which the header promises so many.
std::vector<std::uint8_t> read_values(StoredBytes& file, std::uint64_t promised) {
    const auto refuse_length = [&](const std::string& found) {
        refuse_idx(file.name(), fmt::format("its header promises {} bytes, and it holds {}{}; copy it again",
                                            promised, found, file.is_compressed() ? " when unpacked" : ""));
    };
    if (file.most_left() < promised) {
        refuse_length(file.is_compressed() ? "fewer" : fmt::to_string(file.most_left()));
    }
    std::vector<std::uint8_t> values(promised);
    const std::size_t found = file.read(values);
    if (found < promised) refuse_length(fmt::to_string(found));
    std::uint8_t more = 0;
    const std::uint64_t left = file.most_left();
    if (file.read({&more, 1}) > 0) {
        refuse_length(file.is_compressed() ? "more" : fmt::to_string(promised + left));
    }
    return values;
}

template <typename Read>
auto read_idx(std::span<const std::byte> bytes, const std::string& name, const std::atomic<bool>* stop,
              const Read& read) {
    try {
        StoredBytes file(bytes, name, stop);
        return read(file);
    } catch (const std::bad_alloc&) {
        refuse_idx(name, "does not fit in memory");
    }
}

}  // namespace

IdxPictures read_idx_pictures(std::span<const std::byte> bytes, const std::string& name,
                              const std::atomic<bool>* stop, std::uint64_t held) {
    return read_idx(bytes, name, stop, [&](StoredBytes& file) {
        const std::vector<std::uint32_t> extents = read_extents(file, 3);
        IdxPictures pictures{extents[0], extents[1], extents[2], {}};
        if (pictures.count == 0) refuse_idx(name, "holds no picture");
        for (const std::uint32_t side : {pictures.height, pictures.width}) {
            if (side >= 1 && side <= most_labelled_side) continue;
            refuse_idx(name, fmt::format("its pictures have {} x {} pixels, and 1 to {} a side are accepted",
                                         pictures.width, pictures.height, most_labelled_side));
        }
        const std::uint64_t promised = std::uint64_t{pictures.count} * pictures.height * pictures.width;
        check_labelled_size(name, pictures.count, held + promised);
        pictures.levels = read_values(file, promised);
        return pictures;
    });
}

std::vector<std::uint8_t> read_idx_labels(std::span<const std::byte> bytes, const std::string& name,
                                          const std::atomic<bool>* stop) {
    return read_idx(bytes, name, stop, [&](StoredBytes& file) {
        const std::uint32_t count = read_extents(file, 1)[0];
        if (count == 0) refuse_idx(name, "holds no label");
        check_labelled_size(name, count, count);
        return read_values(file, count);
    });
}

}  // namespace shadenet
