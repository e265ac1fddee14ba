#include "cli/terminal.h"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>

#ifndef _WIN32
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "base/standard_streams.h"

namespace shadenet {

namespace {

/// Whether the terminal is of a kind that takes escape sequences. TERM is usual on all systems but Windows.
bool known_kind() {
    const char* const kind = std::getenv("TERM");
#ifdef _WIN32
    if (kind == nullptr) return true;
#endif
    return kind != nullptr && *kind != '\0' && kind != std::string_view("dumb");
}

}  // namespace

TerminalSize terminal_size() {
#ifndef _WIN32
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    if (known) return {size.ws_col, size.ws_row};
#endif
    return {};
}

std::size_t text_columns() {
    return is_terminal(stdout) ? terminal_size().columns : std::numeric_limits<std::size_t>::max();
}

bool redraws_lines() {
    return is_terminal(stderr) && known_kind();
}

bool redraws_tables() {
#ifdef _WIN32
    return false;  // rows that are too long for a window of unknown size would take two
#else
    return redraws_lines() && is_terminal(stdout);
#endif
}

}  // namespace shadenet
