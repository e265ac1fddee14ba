#include "cli/output.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#ifndef _WIN32
#include <fcntl.h>
#endif

#include "base/error.h"
#include "base/one_line.h"
#include "base/standard_streams.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "group/group.h"

namespace shadenet {

namespace {

/// Where text goes.
std::FILE* text_stream = stdout;
/// The first error that it met on stdout.
int output_error = 0;

/// One at a time writes, to either stream: any thread may have a word for the log.
std::mutex output_turn;
/// What stands below all of it.
LiveBlock live_block;

/// In one piece: what is drawn in several flickers.
void write_error_text(const std::string& text) {
    if (text.empty()) return;
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

/// "rank 1 on node7: " of a rank that follows.
std::string speaker() {
    const Group& group = this_group();
    return group.leads() ? "" : fmt::format("rank {} on {}: ", group.rank(), group.host());
}

/// The log: "shadenet: warning: MESSAGE" above the block.
class LogSink : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg& message) override {
        const auto name = spdlog::level::to_string_view(message.level);
        // spdlog says "info", where people are used to "note".
        const std::string word =
            message.level == spdlog::level::info ? "note" : std::string(name.data(), name.size());
        // On one line, whatever the names in it hold.
        const std::string line = on_one_line({message.payload.data(), message.payload.size()});
        const std::lock_guard lock(output_turn);
        const TerminalSize size = terminal_size();
        const std::string away = live_block.take_away(size);
        write_error_text(away + fmt::format("shadenet: {}: {}{}\n", word, speaker(), line) +
                         live_block.put_back(size));
    }
    void flush_() override {}
};

#ifndef _WIN32
/// A picture or model that is opened must never get the number of a closed standard stream, and our text.
void occupy_standard_streams() {
    for (int stream = 0; stream <= 2; ++stream) {
        if (fcntl(stream, F_GETFD) != -1) continue;
        if (stream == 1) note_closed_output();
        if (open("/dev/null", O_RDWR) == -1) return;
    }
}
#endif

}  // namespace

void prepare_output() {
#ifndef _WIN32
    occupy_standard_streams();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file above the limit (ulimit -f) is an error like a full disk
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
#endif
    auto log = std::make_shared<spdlog::logger>("shadenet", std::make_shared<LogSink>());
    log->set_level(spdlog::level::info);
    spdlog::set_default_logger(std::move(log));
}

bool shows_notes() {
    return spdlog::should_log(spdlog::level::info);
}

void set_log_level(bool verbose, bool quiet) {
    spdlog::set_level(quiet ? spdlog::level::warn : verbose ? spdlog::level::debug : spdlog::level::info);
}

void keep_output_for_picture() {
    text_stream = stderr;
}

void write_output(std::string_view text) {
    const std::lock_guard lock(output_turn);
    const TerminalSize size = terminal_size();
    write_error_text(live_block.take_away(size));
    const std::string harmless = without_controls(text);
    const bool written = std::fwrite(harmless.data(), 1, harmless.size(), text_stream) == harmless.size();
    const bool well = written && std::fflush(text_stream) == 0;
    if (!well && text_stream == stdout && output_error == 0) output_error = errno;
    write_error_text(live_block.put_back(size));
}

void say_entry(std::string_view name, std::string_view text) {
    constexpr std::size_t indent = 11;
    say("{:<{}}{}", name, indent, wrapped(text, text_columns(), indent));
}

void finish_output() {
    if (output_error == 0 || output_error == EPIPE) return;
    throw WorkError(fmt::format("standard output: cannot be written: {}; is its disk full?",
                                std::generic_category().message(output_error)));
}

TerminalSize block_room() {
    return room_for_block(terminal_size());
}

void show_block(std::vector<std::string> lines) {
    const std::lock_guard lock(output_turn);
    write_error_text(live_block.show(std::move(lines), terminal_size()));
}

}  // namespace shadenet
