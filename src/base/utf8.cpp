#include "base/utf8.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "base/lower_case.h"

namespace shadenet {

namespace {

struct Free {
    void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

/// The name as utf8proc maps it; a name that is not UTF-8 stays as it is.
std::string mapped(const std::string& name, int options) {
    utf8proc_uint8_t* result = nullptr;
    const auto* const text = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
    const utf8proc_ssize_t length =
        utf8proc_map(text, static_cast<utf8proc_ssize_t>(name.size()), &result,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | options));
    const std::unique_ptr<utf8proc_uint8_t, Free> owner(result);
    if (length < 0) return name;
    return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        utf8proc_int32_t code = -1;
        const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
        const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code);
        if (length < 1) return false;
        text.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

std::size_t letters_of(std::string_view text) {
    const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string normalised(const std::string& name) {
    return mapped(name, 0);
}

std::string without_case(const std::string& name) {
    return lower_case(mapped(name, UTF8PROC_CASEFOLD));
}

}  // namespace shadenet
