#include "base/standard_streams.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

#include "base/error.h"
#include "base/file_error.h"

namespace shadenet {

namespace {

/// Windows would change the ends of lines.
void take_as_it_is([[maybe_unused]] std::FILE* stream) {
#ifdef _WIN32
    _setmode(_fileno(stream), _O_BINARY);
#endif
}

bool output_is_closed = false;

}  // namespace

void note_closed_output() {
    output_is_closed = true;
}

bool is_terminal(std::FILE* stream) {
#ifdef _WIN32
    return _isatty(_fileno(stream)) != 0;
#else
    return isatty(fileno(stream)) == 1;
#endif
}

std::vector<std::byte> read_standard_input(std::uint64_t most_bytes) {
    constexpr std::size_t first_piece = std::size_t{1} << 16;
    take_as_it_is(stdin);
    std::vector<std::byte> bytes;
    std::size_t count = 0;
    for (;;) {
        if (count == bytes.size()) {
            if (count > most_bytes) {
                throw InputError(fmt::format("{}: has more than the {} bytes that are accepted",
                                             standard_input_name, most_bytes));
            }
            bytes.resize(std::max<std::size_t>(first_piece, count + count / 2));
        }
        const std::size_t read = std::fread(bytes.data() + count, 1, bytes.size() - count, stdin);
        count += read;
        if (read == 0) break;
    }
    if (std::ferror(stdin) != 0) {
        throw InputError(fmt::format("{}: cannot be read: {}", standard_input_name, last_error().message()));
    }
    bytes.resize(count);
    return bytes;
}

std::error_code send_to_standard_output(std::FILE* file) {
    if (output_is_closed) return std::make_error_code(std::errc::bad_file_descriptor);
    std::array<std::byte, std::size_t{1} << 16> piece;
    take_as_it_is(stdout);
    std::rewind(file);
    for (;;) {
        const std::size_t count = std::fread(piece.data(), 1, piece.size(), file);
        if (count == 0) break;
        if (std::fwrite(piece.data(), 1, count, stdout) != count) return last_error();
    }
    if (std::ferror(file) != 0 || std::fflush(stdout) != 0) return last_error();
    return {};
}

}  // namespace shadenet
