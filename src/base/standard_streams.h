// Standard input and standard output where a file's bytes go through them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <vector>

namespace shadenet {

/// What messages call them.
inline constexpr const char *standard_input_name = "standard input",
                            *standard_output_name = "standard output";

bool is_terminal(std::FILE* stream);

/// All that comes, to the end. Throws InputError when that is more than `most_bytes`, or cannot be read; and
/// std::bad_alloc.
std::vector<std::byte> read_standard_input(std::uint64_t most_bytes);

/// Of a program that was begun with a closed standard output, in whose place something was opened: what is
/// sent to it would be lost.
void note_closed_output();

/// Sends the whole file, from its first byte. Returns what went wrong, or no error.
std::error_code send_to_standard_output(std::FILE* file);

}  // namespace shadenet
