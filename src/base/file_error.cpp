#include "base/file_error.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace shadenet {

namespace {

using Advice = std::pair<std::errc, std::string_view>;

constexpr Advice advices[] = {
    {std::errc::no_space_on_device, "free some space on that disk, or choose another folder"},
    {std::errc::permission_denied, "change its permissions or those of its folder, or choose another folder"},
    {std::errc::operation_not_permitted,
     "it or its folder may be locked against changes, or be another user's; choose another folder"},
    {std::errc::read_only_file_system, "that disk can only be read; choose a folder on another"},
    {std::errc::filename_too_long, "choose a shorter name"},
    {std::errc::no_such_file_or_directory, "make its folder first, or choose another"},
    {std::errc::not_a_directory, "a part of its path is a file; choose another folder"},
    {std::errc::is_a_directory, "a folder has this name; choose another name"},
    {std::errc::directory_not_empty, "a folder has this name; choose another name"},
    {std::errc::file_exists, "something else has this name; choose another name"},
    {std::errc::file_too_large,
     "the disk or a limit (ulimit -f) takes no file of this size; choose another folder or raise the limit"},
    {std::errc::too_many_files_open, "raise the limit of open files (ulimit -n)"},
    {std::errc::too_many_files_open_in_system, "end other programs, which have too many files open"},
    {std::errc::not_enough_memory, "end other programs, which take the computer's memory"},
    {std::errc::too_many_symbolic_link_levels, "its links go round in a circle; choose another name"},
    {std::errc::io_error, "the disk may be failing or gone; look into the system's log, and choose another"},
    {std::errc::device_or_resource_busy, "another program uses it; end that, or choose another name"},
    {std::errc::text_file_busy, "another program runs it; end that, or choose another name"},
    {std::errc::illegal_byte_sequence, "that disk does not take every letter in names; choose another name"},
    {std::errc::invalid_argument, "that disk may not take such a name; choose another name or folder"},
};

}  // namespace

std::error_code last_error() {
    return {errno, std::generic_category()};
}

std::string advice(std::error_code error) {
    for (const auto& [condition, text] : advices) {
        if (error == condition) return std::string(text);
    }
    // Two errors that the standard library has no name for.
#ifdef EDQUOT
    if (error == std::error_code(EDQUOT, std::generic_category()) ||
        error == std::error_code(EDQUOT, std::system_category())) {
        return "your share of that disk (quota) is used up; remove files of yours there, or choose another "
               "folder";
    }
#endif
#ifdef ESTALE
    if (error == std::error_code(ESTALE, std::generic_category()) ||
        error == std::error_code(ESTALE, std::system_category())) {
        return "the network folder was taken away; connect to it again";
    }
#endif
    return "check the folder, its permissions and the free space";
}

std::string reason_and_advice(std::error_code error) {
    return fmt::format("{}; {}", error.message(), advice(error));
}

}  // namespace shadenet
