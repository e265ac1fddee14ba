// Standard output and standard error as the commands use them: results go to one, everything else to the
// other.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace shadenet {

/// Makes writing to a closed pipe an error code instead of the end of the process, hands every line on at
/// once, and sets the log up. Call once, first.
void prepare_output();
/// `verbose` also shows debugging messages; `quiet` hides everything below a warning.
void set_log_level(bool verbose, bool quiet);

/// Writes to standard output. A failure is remembered for finish_output(): a training run goes on without its
/// reader.
void write_output(std::string_view text);

/// A line of formatted text on standard output.
template <typename... Values>
void say(fmt::format_string<Values...> format, Values&&... values) {
    write_output(fmt::format(format, std::forward<Values>(values)...) + '\n');
}

/// Throws WorkError when something could not be written, save to a reader that had read enough (EPIPE).
void finish_output();

bool stderr_is_terminal();
/// Columns of the terminal behind stderr; 80 when it does not tell.
std::size_t terminal_width();

}  // namespace shadenet
