#include "image/tiff_file.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <new>

#include "base/one_line.h"

namespace shadenet {

namespace {

TiffFile::Input& input_of(thandle_t handle) {
    return *static_cast<TiffFile::Input*>(handle);
}

// libtiff is C code, and no exception may pass through it.
tmsize_t read_tiff(thandle_t handle, void* to, tmsize_t count) {
    TiffFile::Input& input = input_of(handle);
    try {
        const std::size_t taken =
            input.file->read(input.at, {static_cast<std::byte*>(to), static_cast<std::size_t>(count)});
        input.at += taken;
        return static_cast<tmsize_t>(taken);
    } catch (...) {
        input.thrown = std::current_exception();
        return -1;
    }
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
    return -1;
}

toff_t seek_tiff(thandle_t handle, toff_t offset, int from) {
    TiffFile::Input& input = input_of(handle);
    if (from == SEEK_SET) input.at = offset;
    if (from == SEEK_CUR) input.at += offset;
    if (from == SEEK_END) input.at = input.file->size() + offset;
    return input.at;
}

int close_nothing(thandle_t) {
    return 0;
}

toff_t size_of_tiff(thandle_t handle) {
    return input_of(handle).file->size();
}

int map_tiff(thandle_t handle, void** base, toff_t* size) {
    const PictureBytes& file = *input_of(handle).file;
    if (!file.is_whole()) return 0;
    const Bytes bytes = file.in_memory();
    *base = const_cast<std::byte*>(bytes.data());  // it is opened for reading alone
    *size = bytes.size();
    return 1;
}

void unmap_nothing(thandle_t, void*, toff_t) {}

int no_warning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

/// Some of libtiff's messages have a second line, which is indented.
std::string with_single_blanks(const char* text) {
    std::string result;
    for (; *text != '\0'; ++text) {
        const bool blank = *text == ' ' || *text == '\n';
        if (!blank || !result.ends_with(' ')) result += blank ? ' ' : *text;
    }
    return result;
}

struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

}  // namespace

int TiffFile::keep_fault(TIFF*, void* user, const char*, const char* format, va_list values) {
    auto& fault = *static_cast<std::string*>(user);
    std::array<char, 160> text{};
    if (fault.empty() && std::vsnprintf(text.data(), text.size(), format, values) > 0)
        fault = on_one_line(with_single_blanks(text.data()));
    return 1;  // it was dealt with: nothing goes to standard error
}

TiffFile::TiffFile(const PictureBytes& file, std::uint64_t most_at_once) : input_{.file = &file} {
    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
    if (!options) throw std::bad_alloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_fault, &fault_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), no_warning, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(most_at_once));
    file_.reset(TIFFClientOpenExt("picture", "r", &input_, read_tiff, write_nothing, seek_tiff, close_nothing,
                                  size_of_tiff, map_tiff, unmap_nothing, options.get()));
}

void TiffFile::rethrow() const {
    if (input_.thrown) std::rethrow_exception(input_.thrown);
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
