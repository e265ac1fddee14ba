// What is known of the terminal that stdout and stderr may be.
#pragma once

#include <cstddef>

namespace shadenet {

struct TerminalSize {
    std::size_t columns = 80, rows = 24;
};

/// Of the terminal behind stderr, now: a window may change between two calls. The usual one when it does not
/// tell.
TerminalSize terminal_size();

/// How long a line of text on stdout may be: as its terminal is wide, and without limit where it goes
/// elsewhere.
std::size_t text_columns();

/// Whether stderr is a terminal that takes escape sequences: on it lines can be redrawn in place.
bool redraws_lines();
/// Whether a whole table can be, between the lines of stdout: that is such a terminal too.
bool redraws_tables();

}  // namespace shadenet
