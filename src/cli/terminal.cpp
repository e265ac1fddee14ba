#include "cli/terminal.h"

#include <cstdlib>
#include <limits>
#include <string_view>

#ifdef _WIN32
#include <cstdio>

#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

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

#ifdef _WIN32

TerminalSize terminal_size() {
    return {};
}

std::size_t text_columns() {
    return _isatty(_fileno(stdout)) != 0 ? terminal_size().columns : std::numeric_limits<std::size_t>::max();
}

bool redraws_lines() {
    return _isatty(_fileno(stderr)) != 0 && known_kind();
}

/// Rows that are too long for a window of unknown size would take two.
bool redraws_tables() {
    return false;
}

#else

TerminalSize terminal_size() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    return known ? TerminalSize{size.ws_col, size.ws_row} : TerminalSize{};
}

std::size_t text_columns() {
    return isatty(STDOUT_FILENO) == 1 ? terminal_size().columns : std::numeric_limits<std::size_t>::max();
}

bool redraws_lines() {
    return isatty(STDERR_FILENO) == 1 && known_kind();
}

bool redraws_tables() {
    return redraws_lines() && isatty(STDOUT_FILENO) == 1;
}

#endif

}  // namespace shadenet
