#include "export/zip_file.h"

#include <cstddef>
#include <cstdint>

#include <zlib.h>

namespace shadenet {

namespace {

/// The least significant of up to 8 bytes first.
void append_number(std::string& to, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) to += static_cast<char>(value >> (8 * i) & 0xff);
}

/// What a file's own head and its line in the list at the end have in common.
std::string common_head(const ZipEntry& entry) {
    constexpr std::uint16_t names_in_utf8 = 1 << 11, first_of_january_1980 = 1 << 5 | 1;
    const auto* const data = reinterpret_cast<const Bytef*>(entry.bytes.data());
    std::string head;
    append_number(head, 20, 2);  // version 2.0 of the format reads it
    append_number(head, names_in_utf8, 2);
    append_number(head, 0, 2);  // stored
    append_number(head, 0, 2);  // midnight
    append_number(head, first_of_january_1980, 2);
    append_number(head, crc32_z(0, data, entry.bytes.size()), 4);
    append_number(head, entry.bytes.size(), 4);
    append_number(head, entry.bytes.size(), 4);
    append_number(head, entry.name.size(), 2);
    append_number(head, 0, 2);  // nothing more behind the name
    return head;
}

}  // namespace

std::string zip_file(const std::vector<ZipEntry>& entries) {
    std::string file, list;
    for (const ZipEntry& entry : entries) {
        const std::string head = common_head(entry);
        list += "PK\x01\x02";
        append_number(list, 20, 2);  // and wrote it
        list += head;
        list.append(10, '\0');  // no comment, on the first disk, no attributes
        append_number(list, file.size(), 4);
        list += entry.name;
        file += "PK\x03\x04" + head + entry.name + entry.bytes;
    }
    const std::size_t begin = file.size();
    file += list + "PK\x05\x06";
    append_number(file, 0, 4);  // one disk
    append_number(file, entries.size(), 2);
    append_number(file, entries.size(), 2);
    append_number(file, list.size(), 4);
    append_number(file, begin, 4);
    append_number(file, 0, 2);  // no comment
    return file;
}

}  // namespace shadenet
