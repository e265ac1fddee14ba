#include "cli/output.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <system_error>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "base/error.h"
#include "cli/text.h"

namespace shadenet {

namespace {

/// The first error that stdout met.
int output_error = 0;

/// spdlog's %l says "info", where people are used to "note".
class LevelWord : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& text) override {
        const auto word = message.level == spdlog::level::info ? spdlog::string_view_t("note")
                                                               : spdlog::level::to_string_view(message.level);
        text.append(word.data(), word.data() + word.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LevelWord>(); }
};

/// The message on one line, whatever the names in it hold.
class OneLine : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& text) override {
        const std::string line = on_one_line({message.payload.begin(), message.payload.end()});
        text.append(line.data(), line.data() + line.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<OneLine>(); }
};

void prepare_log() {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    // On a terminal, a line first wipes what a progress bar left in its place.
    const char* const wipe = stderr_is_terminal() ? "\r\x1b[K" : "";
    formatter->add_flag<LevelWord>('*').add_flag<OneLine>('~');
    formatter->set_pattern(fmt::format("{}shadenet: %*: %~", wipe));
    auto log =
        std::make_shared<spdlog::logger>("shadenet", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log->set_formatter(std::move(formatter));
    log->set_level(spdlog::level::info);
    spdlog::set_default_logger(std::move(log));
}

#ifndef _WIN32
/// A picture or model that is opened must never get the number of a closed standard stream, and our text.
void occupy_standard_streams() {
    for (int stream = 0; stream <= 2; ++stream) {
        if (fcntl(stream, F_GETFD) == -1 && open("/dev/null", O_RDWR) == -1) return;
    }
}
#endif

}  // namespace

void prepare_output() {
#ifndef _WIN32
    occupy_standard_streams();
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
#endif
    prepare_log();
}

void set_log_level(bool verbose, bool quiet) {
    spdlog::set_level(quiet ? spdlog::level::warn : verbose ? spdlog::level::debug : spdlog::level::info);
}

void write_output(std::string_view text) {
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if ((!written || std::fflush(stdout) != 0) && output_error == 0) output_error = errno;
}

void finish_output() {
    if (output_error == 0 || output_error == EPIPE) return;
    throw WorkError(fmt::format("standard output: cannot be written: {}; is its disk full?",
                                std::generic_category().message(output_error)));
}

#ifdef _WIN32

bool stderr_is_terminal() {
    return _isatty(_fileno(stderr)) != 0;
}

std::size_t terminal_width() {
    return 80;
}

#else

bool stderr_is_terminal() {
    return isatty(STDERR_FILENO) == 1;
}

std::size_t terminal_width() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

#endif

}  // namespace shadenet
