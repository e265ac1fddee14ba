#include "image/tiff_file.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace shadenet {

namespace {

TiffFile::Memory& memory_of(thandle_t handle) {
    return *static_cast<TiffFile::Memory*>(handle);
}

tmsize_t read_tiff(thandle_t handle, void* to, tmsize_t count) {
    TiffFile::Memory& memory = memory_of(handle);
    const std::uint64_t left = memory.bytes.size() - std::min<std::uint64_t>(memory.at, memory.bytes.size());
    const std::uint64_t taken = std::min(left, static_cast<std::uint64_t>(count));
    if (taken > 0) std::memcpy(to, memory.bytes.data() + memory.at, taken);
    memory.at += taken;
    return static_cast<tmsize_t>(taken);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
    return -1;
}

toff_t seek_tiff(thandle_t handle, toff_t offset, int from) {
    TiffFile::Memory& memory = memory_of(handle);
    if (from == SEEK_SET) memory.at = offset;
    if (from == SEEK_CUR) memory.at += offset;
    if (from == SEEK_END) memory.at = memory.bytes.size() + offset;
    return memory.at;
}

int close_nothing(thandle_t) {
    return 0;
}

toff_t size_of_tiff(thandle_t handle) {
    return memory_of(handle).bytes.size();
}

int map_tiff(thandle_t handle, void** base, toff_t* size) {
    const Bytes bytes = memory_of(handle).bytes;
    *base = const_cast<std::byte*>(bytes.data());  // it is opened for reading alone
    *size = bytes.size();
    return 1;
}

void unmap_nothing(thandle_t, void*, toff_t) {}

int no_warning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

}  // namespace

int TiffFile::keep_fault(TIFF*, void* user, const char*, const char* format, va_list values) {
    auto& fault = *static_cast<std::string*>(user);
    std::array<char, 160> text{};
    if (fault.empty() && std::vsnprintf(text.data(), text.size(), format, values) > 0) fault = text.data();
    return 1;  // it was dealt with: nothing goes to standard error
}

TiffFile::TiffFile(Bytes bytes, std::uint64_t most_at_once) : memory_{bytes} {
    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
    if (!options) throw std::bad_alloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_fault, &fault_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), no_warning, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(most_at_once));
    file_.reset(TIFFClientOpenExt("picture", "r", &memory_, read_tiff, write_nothing, seek_tiff,
                                  close_nothing, size_of_tiff, map_tiff, unmap_nothing, options.get()));
}

std::uint16_t TiffFile::short_of(std::uint32_t tag) const {
    std::uint16_t value = 0;
    TIFFGetFieldDefaulted(get(), tag, &value);
    return value;
}

std::uint32_t TiffFile::long_of(std::uint32_t tag) const {
    std::uint32_t value = 0;
    TIFFGetFieldDefaulted(get(), tag, &value);
    return value;
}

Bytes TiffFile::block_of(std::uint32_t tag) const {
    std::uint32_t count = 0;
    const void* bytes = nullptr;
    if (TIFFGetField(get(), tag, &count, &bytes) == 0 || bytes == nullptr) return {};
    return {static_cast<const std::byte*>(bytes), count};
}

}  // namespace shadenet
