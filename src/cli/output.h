// Standard output and standard error as the commands use them: results go to one, everything else to the
// other.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/live_block.h"

namespace shadenet {

/// Makes writing to a closed pipe, and beyond the limit of a file, an error code instead of the end of the
/// process, hands every line on at once, and sets the log up. Call once, first.
void prepare_output();
/// `verbose` also shows debugging messages; `quiet` hides everything below a warning.
void set_log_level(bool verbose, bool quiet);
/// False once set_log_level() has made the program quiet.
bool shows_notes();

/// From now on text goes to standard error: standard output is for a picture alone.
void keep_output_for_picture();

/// Writes whole lines to standard output, and control characters of names in them as escapes. A failure is
/// remembered for finish_output(): a training run goes on without its reader.
void write_output(std::string_view text);

/// A line of formatted text on standard output.
template <typename... Values>
void say(fmt::format_string<Values...> format, Values&&... values) {
    write_output(fmt::format(format, std::forward<Values>(values)...) + '\n');
}

/// A name and what there is to say of it, "device     llvmpipe, software"; on a terminal in as many lines as
/// it takes, one below the other.
void say_entry(std::string_view name, std::string_view text);

/// Throws WorkError when something could not be written, save to a reader that had read enough (EPIPE).
void finish_output();

/// What a block may fill now, on the terminal behind stderr.
TerminalSize block_room();
/// Shows these lines on stderr, below all that is written to stdout and to the log, in place of those before;
/// with none nothing is there any more. Only for a terminal where redraws_lines().
void show_block(std::vector<std::string> lines);

}  // namespace shadenet
