#include "cli/terminal.h"

#include <cstdlib>
#include <string_view>

#ifdef _WIN32
#include <cstdio>

#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace shadenet {

#ifdef _WIN32

TerminalSize terminal_size() {
    return {};
}

bool redraws_lines() {
    return _isatty(_fileno(stderr)) != 0;
}

/// Rows that are too long for a window of unknown size would take two.
bool redraws_tables() {
    return false;
}

#else

namespace {

bool takes_escapes(int stream) {
    const char* const kind = std::getenv("TERM");
    return isatty(stream) == 1 && kind != nullptr && *kind != '\0' && kind != std::string_view("dumb");
}

}  // namespace

TerminalSize terminal_size() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    return known ? TerminalSize{size.ws_col, size.ws_row} : TerminalSize{};
}

bool redraws_lines() {
    return takes_escapes(STDERR_FILENO);
}

bool redraws_tables() {
    return redraws_lines() && takes_escapes(STDOUT_FILENO);
}

#endif

}  // namespace shadenet
